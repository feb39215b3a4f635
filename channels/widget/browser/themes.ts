/** Cool neutrals; every pair used for text has at least 4.5:1. */
export const lightStyles =
  '--surface:#fff;--text:#171c21;--quiet:#5a6570;--line:#dfe4e8;--hover:#f0f3f5;--theirs:#eef1f4;--code:#00000012;' +
  '--ring:#0d6e85;--warn:#fdf0d3;--on-warn:#5c4300;--bad:#b3261e;color-scheme:light'
/** Three levels of surface, neither pure black nor pure white. */
export const darkStyles =
  '--surface:#191d21;--text:#e7ebee;--quiet:#9aa6b1;--line:#333a41;--hover:#262c32;--theirs:#272d33;--code:#ffffff18;' +
  '--ring:#5cbdd4;--warn:#3d3214;--on-warn:#f4dca0;--bad:#ff9a90;color-scheme:dark'
