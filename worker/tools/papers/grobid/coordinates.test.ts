import { describe, expect, it } from 'vitest';
import { readCoordinates, regionOf } from './coordinates.js';

describe('coordinates', () => {
  it('are read as page, left, top, width and height, and the region is that of the first page', () => {
    const boxes = readCoordinates('10,317.03,183.61,223.16,7.55;10,317.03,210.49,52.22,7.55;11,50,60,10,10');
    expect(boxes).toHaveLength(3);
    expect(regionOf(boxes)).toEqual({ page: 10, box: { x: 317.03, y: 183.61, width: 223.16, height: 34.43 } });
  });

  it('that do not parse are left out', () => {
    for (const attribute of [undefined, '', ';', '1,2,3,4', '0,1,1,1,1', '1,NaN,2,3,4', '1.5,1,1,1,1', '1,2,3,4,5,6'])
      expect(regionOf(readCoordinates(attribute)), attribute).toBeNull();
    expect(readCoordinates('x;2,1,1,5,5')).toEqual([{ page: 2, box: { x: 1, y: 1, width: 5, height: 5 } }]);
  });
});
