-- The greatest version of all that was ever written.
SELECT greatest(
    (SELECT max(version) FROM vointi_internal.programmes),
    (SELECT max(version) FROM vointi_internal.estimates),
    (SELECT max(version) FROM vointi_internal.estimate_points)) AS version
