SELECT
    what,
    max(n)
FROM vointi_internal.erasures
WHERE request = '$request' AND what NOT IN ('completed', 'tombstones')
GROUP BY what
ORDER BY what
