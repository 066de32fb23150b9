// Whether something that is looked at again and again stays as it is.

/** What a straight line through the second half of the samples rises by from its start to its end (least squares). */
export function riseOfSecondHalf(samples) {
  const half = samples.slice(samples.length >> 1);
  const mean = (of) => half.reduce((sum, one) => sum + of(one), 0) / half.length;
  const [meanAt, meanValue] = [mean(({ at }) => at), mean(({ value }) => value)];
  const covariance = half.reduce((sum, { at, value }) => sum + (at - meanAt) * (value - meanValue), 0);
  const variance = half.reduce((sum, { at }) => sum + (at - meanAt) ** 2, 0);
  if (variance === 0) return 0;
  return (covariance / variance) * (half.at(-1).at - half[0].at);
}
