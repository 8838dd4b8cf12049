// A link as a picture for a phone's camera.

import { svg } from '../base/dom.js';
import { t } from '../base/i18n.js';

/** Modules of white around it, as the standard asks. */
const MARGIN = 4;

/**
 * Nothing if the link is longer than such a picture holds.
 * @param {string} text @returns {Promise<SVGElement | undefined>}
 */
export async function qrCode(text) {
  const { encode } = await import('../../vendor/uqr.js');
  let code;
  try {
    code = encode(text, { ecc: 'L', border: MARGIN });
  } catch {
    return undefined;
  }
  const { size, data } = code;
  const dark = data.flatMap((line, y) => line.flatMap((on, x) => (on ? [`M${x} ${y}h1v1h-1z`] : [])));
  return svg('svg', { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${size} ${size}`, 'shape-rendering': 'crispEdges', role: 'img', 'aria-label': t('share.qr.label') },
    svg('rect', { width: size, height: size, fill: '#fff' }), svg('path', { d: dark.join(''), fill: '#000' }));
}
