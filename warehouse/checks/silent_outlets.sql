-- name: silent_outlets
-- severity: warning
-- An outlet that published regularly and stopped while others went on: its feed or its site may have moved.
SELECT
    outlet,
    last_on,
    days_since,
    longest_gap
FROM outlet_silence
-- Ten articles on five days: less is no habit that could be broken.
WHERE articles >= 10
  AND days >= 5
  -- A week at least, and three times the longest pause it ever made then: weekends and holidays are none.
  AND days_since > greatest(7, 3 * longest_gap)
  -- Who has been silent for longer than it is remembered is known to be.
  AND others_on - last_on <= 56
