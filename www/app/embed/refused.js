// A script and no module, which every frame may run: says so where the page's modules were refused to it.

{
  const refused = document.querySelector('#refused');
  const address = refused?.querySelector('a');
  document.querySelector('script[type="module"]')?.addEventListener('error', () => {
    if (!(refused instanceof HTMLElement) || !address) return;
    address.href = location.href;
    address.textContent = location.href;
    refused.hidden = false;
  });
}
