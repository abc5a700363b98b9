-- How long routes took, by bins; assets are left out.
SELECT {at(time)} AS slot, class, method, route, latency_bin(duration) AS bin, count(*) AS requests
FROM {hits}
JOIN routes USING (path)
WHERE NOT is_asset AND duration IS NOT NULL AND path > 0
GROUP BY ALL
