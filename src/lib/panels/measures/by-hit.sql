-- What is counted of each value where every hit, or visit, counts for itself.
SELECT {at(time)} AS slot, {class}{value} AS value, {requests} AS requests, {counted} AS counted
FROM {source}
WHERE {condition}
GROUP BY ALL
