// Photographs for tests and benchmarks, made in any browser's page: real JPEGs, and each class has a tint.

/**
 * Photographs of a class as base64. Runs in the page and stands alone.
 * @param {number} kind the class, of ten @param {number} from the number of the first @param {number} count @param {number} width @param {number} height
 */
export async function photographsOf(kind, from, count, width, height) {
  const made = [];
  const [small, large] = [[16, 12], [width, height]].map(([across, down]) => Object.assign(document.createElement('canvas'), { width: across, height: down }));
  const [dots, photograph] = [small, large].map((canvas) => canvas.getContext('2d', { willReadFrequently: true }));
  for (let at = from; at < from + count; at += 1) {
    let state = kind * 1000 + at + 1;
    const next = () => { state = (state * 48271) % 2147483647; return state % 200; };
    for (let place = 0; place < 192; place += 1) {
      dots.fillStyle = `hsl(${kind * 36} 60% ${20 + next() / 4}%)`;
      dots.fillRect(place % 16, Math.floor(place / 16), 1, 1);
    }
    photograph.drawImage(small, 0, 0, width, height);
    const blob = await new Promise((resolve) => { large.toBlob(resolve, 'image/jpeg', 0.85); });
    made.push(btoa(Array.from(new Uint8Array(await blob.arrayBuffer()), (byte) => String.fromCharCode(byte)).join('')));
  }
  return made;
}
