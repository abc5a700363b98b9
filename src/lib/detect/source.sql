-- Who an address speaks for: itself, or the network of 64 bits that a customer has of IPv6.
CASE
  WHEN contains({address}, ':') THEN regexp_replace(
    array_to_string(
      list_filter(
        string_split(
          replace(
            {address},
            '::',
            ':' || repeat('0:', 8 - len(list_filter(string_split({address}, ':'), lambda word: word <> '')))
          ),
          ':'
        ),
        lambda word: word <> ''
      )[1:4],
      ':'
    ),
    '(:0)+$|^0(:0)*$',
    ''
  ) || '::/64'
  ELSE {address}
END
