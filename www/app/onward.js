// From the page that others show of a link to the playground itself, with what its own address adds.

const link = document.querySelector('#onward');
if (link instanceof HTMLAnchorElement) {
  const more = location.hash.replace(/^#(v=1&?)?/, '');
  // In place of this page, so that the way back leads to where the reader came from.
  location.replace(more ? `${link.href}&${more}` : link.href);
}
