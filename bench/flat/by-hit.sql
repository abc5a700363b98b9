-- What is counted of each value where every hit, or visit, counts for itself.
SELECT {by}, {value} AS value, {requests} AS requests, {measure} AS counted
FROM {source}
GROUP BY ALL
