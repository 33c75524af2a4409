-- Comparisons, as 0005 explains them, gain rank tests for trend: mann_kendall of years and surveys, seasonal_kendall of months and
-- quarters, each of the period that ended last. Their difference is Theil's and Sen's slope with its limits, p that of the test.
-- What is kept of reasons beside those of 0005: too_few_periods of these tests; incomplete_period of what began before an area's first
-- month of figures; data_gap of what a silent venue has not told its part of.
ALTER TABLE vointi_internal.comparisons
    COMMENT COLUMN comparator 'what a figure is held beside, or the test that it is put to',
    COMMENT COLUMN reason 'why there are no numbers, or how they are to be read: a closed list, see the migrations';
