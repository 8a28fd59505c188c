import Core
import Testing

@testable import History

@Suite("Report: odometer chart") struct ReportChartTests {
    private func chart(_ readings: String) -> String {
        OdometerChart.svg(OdometerSeries(odometerHistory(readings).timeline))
    }

    private func count(_ part: String, in text: String) -> Int {
        text.split(separator: part, omittingEmptySubsequences: false).count - 1
    }

    @Test func `a chart can be read by whoever cannot see it`() {
        let svg = chart("0:50000 100:60000 200:20000 300:25000")
        #expect(svg.contains(#"role="img""#))
        #expect(svg.contains(#"aria-labelledby="odometer-title odometer-desc""#))
        #expect(svg.contains(#"<title id="odometer-title">里程表读数 Odometer readings</title>"#))
        #expect(svg.contains("共 4 个读数，从 2015-01-01 的 50,000 公里到 2015-10-28 的 25,000 公里"))
        #expect(svg.contains("60,000 km on 2015-04-11, highest before a fall"))
        #expect(svg.contains("<title>2015-07-20：20,000 公里 km，比之前的读数小 lower than before</title>"))
    }

    @Test func `what contradicts has its own form and a line in the legend`() {
        let honest = chart("0:50000 100:60000")
        let doubtful = chart("0:50000 100:5000 200:60000 300:65000")
        #expect(!honest.contains("录入错误"))
        #expect(count("多半是录入错误 most likely a typing error", in: doubtful) == 2)
        #expect(doubtful.contains(">5,000</text>"))
    }

    @Test func `a replaced odometer breaks the line`() {
        let svg = chart("0:80000 100:R 200:300 400:9000")
        #expect(svg.contains("<title>2015-04-11：更换里程表 odometer replaced</title>"))
        #expect(svg.contains(">更换里程表 odometer replaced</text>"))
        #expect(count(##"stroke="#1f5fa8""##, in: svg) == 1)
    }

    @Test func `a chart without readings says so`() {
        #expect(chart("none").contains("没有里程读数 No readings recorded"))
    }

    @Test(arguments: ["0:0", "0:2000000", "0:1 0:2", "0:500 36500:2000000", "0:0 1:0 2:0", "0:999999 40:3"])
    func `any readings stay inside the frame`(_ readings: String) throws {
        let series = OdometerSeries(odometerHistory(readings).timeline)
        let scale = try #require(ChartScale(series.points.map(\.reading)))
        for reading in series.points.map(\.reading) {
            let (x, y) = (scale.x(reading.occurredAt).value, scale.y(reading.km).value)
            #expect((ChartScale.left.value...ChartScale.right.value).contains(x))
            #expect((ChartScale.top.value...ChartScale.bottom.value).contains(y))
        }
        #expect((2...6).contains(scale.kmMarks.count))
        #expect((1...5).contains(scale.dateMarks.count))
    }

    @Test func `the same readings give the same bytes, within 360 pixels and without styles`() {
        let readings = "0:50000 100:60000 200:20000 300:25000"
        #expect(chart(readings) == chart(readings))
        #expect(chart(readings).contains(#"viewBox="0 0 360 "#))
        #expect(!chart(readings).contains("style="))
        #expect(!chart(readings).contains("<script"))
    }

    @Test func `texts are escaped`() {
        var svg = SVGWriter()
        svg.element("text", ["x": "\"1\" & <2>"], "a < b & \"c\" > d")
        #expect(svg.text == #"<text x="&quot;1&quot; &amp; &lt;2&gt;">a &lt; b &amp; &quot;c&quot; &gt; d</text>"#)
    }
}
