"""Ten questions that a media researcher asks, answered in SQL and drawn: a marimo notebook.

    python3 dev.py notebook        on the seeds and the made articles beside this file

On a warehouse of your own: `pip install marimo altair duckdb`, then
`ONRECORD_WAREHOUSE=data/onrecord.duckdb marimo edit examples/ten_questions.py`. It is plain Python: `marimo run`
shows it as a page without code, `python examples/ten_questions.py` asks everything once.
"""

import marimo

app = marimo.App(width="medium", app_title="Ten questions to a news warehouse")


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    # Ten questions to a news warehouse

    Each is one statement of SQL on the views and tables that onrecord publishes, and one chart or table. Change
    them as you like. The warehouse is opened anew for each question and closed again: a cell that is run again
    answers from what was published last, and no load ever waits for this page.
    """)


@app.cell
def _():
    import os
    from datetime import date
    from pathlib import Path

    import altair as alt
    import duckdb
    import marimo as mo

    warehouse = Path(os.environ.get("ONRECORD_WAREHOUSE", "data/onrecord.duckdb"))

    def ask(question, **values):
        """The rows of an answer as dictionaries; days and times as text, which charts take."""
        with duckdb.connect(str(warehouse), read_only=True) as con:
            answer = con.execute(question, values)
            names = [column[0] for column in answer.description]
            return [
                {n: v.isoformat() if isinstance(v, date) else v for n, v in zip(names, row, strict=True)}
                for row in answer.fetchall()
            ]

    def chart(rows):
        return alt.Chart(alt.Data(values=rows)).properties(width=560)

    # From a person's own words to a retelling, dark to light; `place` keeps that order in stacked bars.
    kinds = ["direct", "mixed", "indirect"]
    by_kind = alt.Color(
        "kind:N", title=None, scale=alt.Scale(domain=kinds, range=["#1a4f8a", "#5b9bd5", "#cfe0f1"])
    )
    place = f"indexof({kinds}, datum.kind)"

    return alt, ask, by_kind, chart, mo, place, warehouse


@app.cell(hide_code=True)
def _(ask, mo, warehouse):
    about = ask("SELECT articles, strftime(made_at, '%Y-%m-%d %H:%M') AS made_at FROM snapshot_info")[0]
    mo.md(f"`{warehouse}` holds {about['articles']:,} articles, as published on {about['made_at']} UTC.")


@app.cell(hide_code=True)
def _(mo):
    mo.md("## 1. Who is heard, and how?")


@app.cell
def _(alt, ask, by_kind, chart, place):
    heard = ask("""
        SELECT speaker, role, outlets, articles, kind, quotes
        FROM (
            UNPIVOT (
                SELECT speaker, role, outlets, articles, direct, mixed, indirect
                FROM speakers_ranked
                LIMIT 12
            )
            ON direct, mixed, indirect
            INTO NAME kind VALUE quotes
        )
        WHERE quotes > 0
    """)
    chart(heard).transform_calculate(place=place).mark_bar().encode(
        x=alt.X("sum(quotes):Q", title="quotes"),
        y=alt.Y("speaker:N", sort="-x", title=None),
        color=by_kind,
        order="place:Q",
        tooltip=["speaker:N", "role:N", "kind:N", "quotes:Q", "articles:Q", "outlets:Q"],
    )
    return (heard,)


@app.cell(hide_code=True)
def _(mo):
    mo.md("## 2. Whose words: does an outlet let people speak, or retell what they said?")


@app.cell
def _(alt, ask, by_kind, chart, place):
    retold = ask("""
        SELECT outlet, kind, count(*) AS quotes, quotes / sum(quotes) OVER (PARTITION BY outlet) AS share
        FROM who_said_what
        GROUP BY outlet, kind
        ORDER BY outlet, kind
    """)
    chart(retold).transform_calculate(place=place).mark_bar().encode(
        x=alt.X("share:Q", stack="zero", axis=alt.Axis(format="%"), title="of its quotes"),
        y=alt.Y("outlet:N", title=None),
        color=by_kind,
        order="place:Q",
        tooltip=["outlet:N", "kind:N", "quotes:Q", alt.Tooltip("share:Q", format=".0%")],
    )
    return (retold,)


@app.cell(hide_code=True)
def _(mo):
    mo.md("## 3. How much rests on people without a name?")


@app.cell
def _(alt, ask, chart):
    unnamed = ask("""
        SELECT outlet, quotes, reason, n, n / quotes AS share
        FROM (
            UNPIVOT (
                SELECT outlet, quotes, unnamed_source AS "unnamed source", generic, collective, not_found AS "not found"
                FROM unattributed_share
            )
            ON "unnamed source", generic, collective, "not found"
            INTO NAME reason VALUE n
        )
        WHERE n > 0
        ORDER BY outlet, reason
    """)
    chart(unnamed).mark_bar().encode(
        x=alt.X(
            "share:Q", stack="zero", axis=alt.Axis(format="%"), title="of its quotes have no name to them"
        ),
        y=alt.Y("outlet:N", sort="-x", title=None),
        color=alt.Color(
            "reason:N", title=None, scale=alt.Scale(scheme="set2"), legend=alt.Legend(labelLimit=200)
        ),
        tooltip=["outlet:N", "reason:N", "n:Q", alt.Tooltip("share:Q", format=".0%")],
    )
    return (unnamed,)


@app.cell(hide_code=True)
def _(mo):
    mo.md("## 4. Who is quoted beside whom?")


@app.cell
def _(alt, ask, chart):
    together = ask("""
        WITH named AS (SELECT entity_id FROM speakers_ranked WHERE label = 'PER' LIMIT 12),
        pairs AS (
            FROM quoted_together
            WHERE entity_a IN (FROM named) AND entity_b IN (FROM named)
        )
        SELECT speaker_a AS speaker, speaker_b AS beside, articles, outlets FROM pairs
        UNION ALL
        SELECT speaker_b, speaker_a, articles, outlets FROM pairs
        ORDER BY speaker, beside
    """)
    chart(together).mark_rect().encode(
        x=alt.X("beside:N", title=None, axis=alt.Axis(labelAngle=-40, labelLimit=200)),
        y=alt.Y("speaker:N", title=None),
        color=alt.Color("articles:Q", legend=alt.Legend(tickMinStep=1), scale=alt.Scale(scheme="blues")),
        tooltip=["speaker:N", "beside:N", "articles:Q", "outlets:Q"],
    )
    return (together,)


@app.cell(hide_code=True)
def _(mo):
    mo.md("## 5. Who tells a story first, and who follows?")


@app.cell
def _(alt, ask, chart):
    told = ask("""
        SELECT s.title AS story, v.outlet, v.role, a.title, a.published_at
        FROM story_voices AS v
        JOIN (FROM latest_stories WHERE len(voices) > 1 LIMIT 5) AS s USING (story_id)
        JOIN current_articles AS a USING (article_id)
        WHERE a.published_at IS NOT NULL
        ORDER BY a.published_at, v.outlet
    """)
    chart(told).mark_point(size=90, filled=True).encode(
        x=alt.X("hours:Q", title="hours after the first"),
        y=alt.Y("outlet:N", title=None),
        color=alt.Color("story:N", title=None, legend=alt.Legend(orient="bottom", columns=1, labelLimit=560)),
        shape=alt.Shape("role:N", title=None),
        tooltip=["outlet:N", "title:N", "published_at:T", "role:N"],
    ).transform_joinaggregate(first="min(published_at)", groupby=["story"]).transform_calculate(
        hours="(toDate(datum.published_at) - toDate(datum.first)) / 3600000"
    )
    return (told,)


@app.cell(hide_code=True)
def _(mo):
    mo.md("## 6. What do some outlets report, and others leave out?")


@app.cell
def _(alt, ask, chart):
    left_out = ask("""
        WITH story AS (FROM latest_stories ORDER BY shared_statements DESC, last_published_at DESC LIMIT 1),
        marked AS (
            SELECT speaker, statement, quoted_by, reworded_by, left_out_by
            FROM story_statements((SELECT story_id FROM story))
            WHERE marked
            LIMIT 12
        )
        SELECT speaker, statement, unnest(quoted_by) AS outlet, 'quoted' AS what FROM marked
        UNION ALL
        SELECT speaker, statement, unnest(reworded_by), 'reworded' FROM marked
        UNION ALL
        SELECT speaker, statement, unnest(left_out_by), 'left out' FROM marked
        ORDER BY ALL
    """)
    chart(left_out).mark_rect(stroke="white").encode(
        x=alt.X("outlet:N", title=None, axis=alt.Axis(labelAngle=-20)),
        y=alt.Y("statement:N", title=None, axis=alt.Axis(labelLimit=380)),
        color=alt.Color(
            "what:N",
            title=None,
            scale=alt.Scale(
                domain=["quoted", "reworded", "left out"], range=["#2b6cb0", "#90cdf4", "#e2e8f0"]
            ),
        ),
        tooltip=["speaker:N", "statement:N", "outlet:N", "what:N"],
    ).properties(width=300)
    return (left_out,)


@app.cell(hide_code=True)
def _(mo):
    mo.md("## 7. In which words does each of them give the same statement?")


@app.cell
def _(ask, mo):
    worded = ask("""
        SELECT w.speaker, w.outlet, w.kind, w.wording
        FROM latest_stories AS latest, story_wordings(latest.story_id) AS w
        WHERE w.voices > 1
        QUALIFY count(DISTINCT w.wording) OVER (PARTITION BY w.statement_id) > 1
        ORDER BY w.statement_id, w.kind = 'reworded', w.published_at, w.outlet
    """)
    mo.ui.table(worded, selection=None, wrapped_columns=["wording"])
    return (worded,)


@app.cell(hide_code=True)
def _(mo):
    mo.md("## 8. Who writes, and who copies?")


@app.cell
def _(alt, ask, chart):
    copied = ask("""
        SELECT outlet, role, count(*) AS articles
        FROM story_voices
        GROUP BY outlet, role
        ORDER BY outlet, role
    """)
    chart(copied).mark_bar().encode(
        x=alt.X("articles:Q", title="articles", axis=alt.Axis(tickMinStep=1)),
        y=alt.Y("outlet:N", title=None),
        color=alt.Color(
            "role:N",
            title=None,
            scale=alt.Scale(domain=["report", "original", "copy"], range=["#cfe0f1", "#5b9bd5", "#d1495b"]),
        ),
        tooltip=["outlet:N", "role:N", "articles:Q"],
    )
    return (copied,)


@app.cell(hide_code=True)
def _(mo):
    mo.md("## 9. Whom is attention on, day by day?")


@app.cell
def _(alt, ask, chart):
    attention = ask("""
        WITH newest AS (SELECT max(published_at)::DATE AS day FROM current_articles),
        days AS (SELECT day - ago::INTEGER AS day FROM newest, range(30) AS before(ago)),
        named AS (
            SELECT entity_id, name, m.published_on AS day
            FROM mentions AS m
            JOIN current_articles USING (version_id)
            JOIN entities AS e USING (entity_id)
            WHERE e.label = 'PER' AND m.published_on IN (FROM days)
        ),
        most AS (SELECT entity_id, name FROM named GROUP BY ALL ORDER BY count(*) DESC, name LIMIT 6)
        SELECT most.name, days.day, count(named.day) AS mentions
        FROM most
        CROSS JOIN days
        LEFT JOIN named USING (entity_id, day)
        WHERE days.day >= (SELECT min(day) FROM named)
        GROUP BY most.name, days.day
        ORDER BY most.name, days.day
    """)
    chart(attention).mark_bar().encode(
        x=alt.X("yearmonthdate(day):O", title=None, axis=alt.Axis(format="%b %d", labelAngle=-40)),
        y=alt.Y("mentions:Q", title=None, axis=alt.Axis(tickCount=2)),
        row=alt.Row("name:N", title=None, header=alt.Header(labelAngle=0, labelAlign="left")),
        tooltip=["name:N", "day:T", "mentions:Q"],
    ).properties(width=470, height=36)
    return (attention,)


@app.cell(hide_code=True)
def _(mo):
    mo.md("## 10. What did outlets change after they had published it?")


@app.cell
def _(ask, mo):
    changed = ask("""
        SELECT outlet, role, change, before, after
        FROM corrections
        ORDER BY outlet, title, role, change, before
    """)
    mo.ui.table(changed, selection=None, wrapped_columns=["before", "after"])
    return (changed,)


@app.cell(hide_code=True)
def _(mo):
    words = mo.ui.text(value="bridge -ferries", label="Words to look for", full_width=True)
    mo.vstack(
        [
            mo.md('## And what else?\n\n`"a phrase"`, `prefix*`, `-without`, `title:`, `outlet:`, `since:`'),
            words,
        ]
    )
    return (words,)


@app.cell
def _(ask, mo, words):
    found = ask("SELECT outlet, title, published_at, excerpt FROM search($words) LIMIT 20", words=words.value)
    mo.ui.table(found, selection=None, wrapped_columns=["title", "excerpt"])
    return (found,)


if __name__ == "__main__":
    app.run()
