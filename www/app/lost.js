// A script and no module. A link whose `#` was encoded on its way asks for a page of that name: its experiment opens all the same.

{
  const name = location.pathname.slice(location.pathname.lastIndexOf('/') + 1);
  // The core reads the rest, however it is written.
  if (/v(=|%3d)/i.test(name)) location.replace(`./#${name}${location.search}${location.hash}`);
}
