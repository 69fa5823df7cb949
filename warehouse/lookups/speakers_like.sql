-- Names of speakers that read like one that was asked for, the likest first.
SELECT speaker
FROM speakers_ranked
WHERE greatest(
    jaro_winkler_similarity(folded(speaker), folded($speaker)),
    list_max(
        list_transform(
            string_split(folded(speaker), ' '),
            lambda word: jaro_winkler_similarity(word, folded($speaker))
        )
    )
) >= $least
ORDER BY
    greatest(
        jaro_winkler_similarity(folded(speaker), folded($speaker)),
        list_max(
            list_transform(
                string_split(folded(speaker), ' '),
                lambda word: jaro_winkler_similarity(word, folded($speaker))
            )
        )
    ) DESC,
    quotes DESC,
    speaker
LIMIT 3
