"""Feeds, sitemaps and indexes of two papers that do not exist."""

from __future__ import annotations

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>The Ledger of Lindby</title><link>https://ledger.example/</link><language>en-GB</language>
<item><title>Harbour &amp;amp; ice: &lt;i&gt;open&lt;/i&gt; all winter</title>
<link>/news/harbour?utm_source=rss&amp;id=7#top</link>
<dc:creator>Maj Lind</dc:creator><pubDate>Mon, 04 May 2026 09:30:00 +0200</pubDate></item>
<item><title>The mill</title><link>https://ledger.example/news/mill</link>
<pubDate>some day soon</pubDate></item>
<item><title>The mill again</title><link>https://ledger.example/news/mill</link></item>
<item><title>No address</title></item>
<item><title>A script</title><link>javascript:alert(1)</link></item>
<item><title>Tomorrow's news</title><link>/news/far</link>
<pubDate>Tue, 04 May 2027 09:30:00 GMT</pubDate></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="sv"><title>Herald</title>
<entry><title type="html">Ice &lt;b&gt;again&lt;/b&gt;</title>
<link rel="self" href="https://x.example/a.atom"/>
<link rel="alternate" href="../2026/ice"/>
<author><name>Bo Ek</name></author>
<author><name>Siv Ask</name></author>
<published>2026-05-03T22:00:00-05:00</published><updated>2026-05-04T06:00:00Z</updated></entry>
<entry><title>Only updated</title><id>https://herald.example/by-id</id><updated>2026-05-01</updated></entry>
</feed>"""
NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><image:image><image:loc>https://ledger.example/pic.jpg</image:loc></image:image>
<loc> https://ledger.example/news/ice </loc><lastmod>2026-05-04</lastmod><n:news><n:publication>
<n:name>Ledger</n:name>
<n:language>nb-NO</n:language></n:publication><n:publication_date>2026-05-04T08:00:00+02:00</n:publication_date>
<n:title><![CDATA[Ice & more]]></n:title></n:news></url>
<url><loc><![CDATA[https://ledger.example/news/mill?a=1&b=2]]></loc></url></urlset>"""
INDEX = """<sitemapindex><sitemap><loc>/sitemap-2026-05.xml.gz</loc>
<lastmod>2026-05-04T01:00:00Z</lastmod></sitemap>
<sitemap>https://ledger.example/sitemap-old.xml</sitemap></sitemapindex>"""
