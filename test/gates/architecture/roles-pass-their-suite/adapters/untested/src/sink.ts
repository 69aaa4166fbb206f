export const sink = {};
