SELECT count()
FROM vointi_internal.erasures
WHERE what = 'completed' AND request = '$request'
