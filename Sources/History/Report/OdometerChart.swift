package import Core

/// Draws a car's odometer readings over time as an SVG of 360 pixels' width, in both languages. What contradicts
/// another reading has a form of its own, not only a colour, and every mark says its date and reading to whoever
/// cannot see it.
package enum OdometerChart {
    private static let ink = "#1b1b1f"
    private static let faint = "#c4c6cf"
    private static let alarm = "#b3261e"
    private static let line = "#1f5fa8"
    private static let doubt = "#8a4b00"
    private static let width = 360
    private static let legendTop = 238
    private static let legendRowHeight = 18
    /// Beyond this the figures on the marks would cover each other.
    private static let labelledMaximum = 4

    /// - Parameter id: of the element, so that a page can hold several charts.
    package static func svg(_ series: OdometerSeries, id: String = "odometer") -> String {
        let legend = legend(series)
        let height = legendTop + (legend.count + (series.replacements.isEmpty ? 0 : 1)) * legendRowHeight
        var svg = SVGWriter()
        svg.group(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "viewBox": "0 0 \(width) \(height)", "width": "100%",
                "role": "img", "aria-labelledby": "\(id)-title \(id)-desc", "font-size": "11", "fill": ink,
                "font-family": "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif",
            ]
        ) { svg in
            let description = description(series)
            svg.element("title", ["id": "\(id)-title"], "里程表读数 Odometer readings")
            svg.element("desc", ["id": "\(id)-desc"], "\(description.zh) \(description.en)")
            svg.empty("rect", ["width": "\(width)", "height": "\(height)", "fill": "#ffffff"])
            svg.element("text", ["x": "12", "y": "20", "font-size": "13"], "里程表读数（公里） Odometer (km)")
            if let scale = ChartScale(series.points.map(\.reading).sorted(by: OdometerReading.inOrder)) {
                drawAxes(scale, &svg)
                drawReplacements(series, scale, &svg)
                drawLines(series, scale, &svg)
                for point in series.points { drawMark(point, scale, &svg) }
                drawFigures(series, scale, &svg)
            } else {
                svg.element(
                    "text",
                    ["x": "\(width / 2)", "y": "110", "text-anchor": "middle"],
                    "没有里程读数 No readings recorded"
                )
            }
            drawLegend(legend, isReplaced: !series.replacements.isEmpty, &svg)
        }
        return svg.text
    }

    // MARK: Frame

    private static func drawAxes(_ scale: ChartScale, _ svg: inout SVGWriter) {
        let (left, right) = (ChartScale.left.attribute, ChartScale.right.attribute)
        for km in scale.kmMarks {
            let y = scale.y(km)
            svg.empty(
                "line",
                ["x1": left, "x2": right, "y1": y.attribute, "y2": y.attribute, "stroke": faint, "stroke-width": "0.5"]
            )
            svg.element(
                "text",
                [
                    "x": (ChartScale.left - Tenths(pixels: 6)).attribute, "y": (y + Tenths(pixels: 4)).attribute,
                    "text-anchor": "end",
                ],
                PlainNumbers.grouped(km)
            )
        }
        for mark in scale.dateMarks {
            let x = scale.x(mark.at)
            let bottom = ChartScale.bottom
            // A whole date at the right edge would be cut off.
            let anchor = mark.label.count > 7 && x.value > ChartScale.right.value - 300 ? "end" : "middle"
            svg.empty(
                "line",
                [
                    "x1": x.attribute, "x2": x.attribute, "y1": bottom.attribute,
                    "y2": (bottom + Tenths(pixels: 4)).attribute, "stroke": ink,
                ]
            )
            svg.element(
                "text",
                ["x": x.attribute, "y": (bottom + Tenths(pixels: 17)).attribute, "text-anchor": anchor],
                mark.label
            )
        }
    }

    private static func drawReplacements(_ series: OdometerSeries, _ scale: ChartScale, _ svg: inout SVGWriter) {
        for replacement in series.replacements {
            let x = scale.x(replacement.occurredAt)
            guard x.value >= ChartScale.left.value, x.value <= ChartScale.right.value else { continue }
            svg.group(
                "line",
                [
                    "x1": x.attribute, "x2": x.attribute, "y1": ChartScale.top.attribute,
                    "y2": ChartScale.bottom.attribute, "stroke": ink, "stroke-dasharray": "2 3",
                ]
            ) { svg in
                let day = replacement.occurredAt.dateInChina
                svg.element("title", "\(day)：更换里程表 odometer replaced")
            }
        }
    }

    // MARK: Readings

    /// One line for each counter, through what was not mistyped; where it falls, it is drawn as the fall that it is.
    private static func drawLines(_ series: OdometerSeries, _ scale: ChartScale, _ svg: inout SVGWriter) {
        let kept = series.points.filter { $0.verdict != .typingError }
        for (before, after) in zip(kept, kept.dropFirst()) where before.counter == after.counter {
            let falls = after.reading.isBelow(before.reading.km)
            svg.empty(
                "line",
                [
                    "x1": scale.x(before.reading.occurredAt).attribute, "y1": scale.y(before.reading.km).attribute,
                    "x2": scale.x(after.reading.occurredAt).attribute, "y2": scale.y(after.reading.km).attribute,
                    "stroke": falls ? alarm : line, "stroke-width": "1.5", "stroke-dasharray": falls ? "4 3" : "none",
                ]
            )
        }
    }

    private static func drawMark(_ point: OdometerSeries.Point, _ scale: ChartScale, _ svg: inout SVGWriter) {
        let (x, y) = (scale.x(point.reading.occurredAt), scale.y(point.reading.km))
        svg.group("path", shape(of: point.verdict, x, y)) { svg in
            let words = words(for: point.verdict)
            let km = PlainNumbers.grouped(point.reading.km)
            svg.element("title", "\(point.reading.date)：\(km) 公里 km，\(words.zh) \(words.en)")
        }
    }

    private static func shape(
        of verdict: OdometerSeries.Verdict,
        _ x: Tenths,
        _ y: Tenths
    ) -> KeyValuePairs<String, String> {
        let at = "M\(x.attribute) \(y.attribute)"
        return switch verdict {
        case .consistent: ["d": at + "m-3 0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z", "fill": line]
        case .peak: ["d": at + "m0 -5l5 8.5h-10z", "fill": alarm]
        case .lower: ["d": at + "m0 5l5 -8.5h-10z", "fill": alarm]
        case .rolledOver: ["d": at + "m0 -5l5 5l-5 5l-5 -5z", "fill": doubt]
        case .typingError:
            ["d": at + "m-4 -4l8 8m0 -8l-8 8", "stroke": doubt, "stroke-width": "2", "fill": "none"]
        case .tooFar: ["d": at + "m-4 -4h8v8h-8z", "stroke": doubt, "stroke-width": "2", "fill": "#ffffff"]
        }
    }

    /// The figures of what contradicts, beside their marks: those are what a reader looks for.
    private static func drawFigures(_ series: OdometerSeries, _ scale: ChartScale, _ svg: inout SVGWriter) {
        let falls = series.drops.filter { $0.rolloverModulusKm == nil }.flatMap { [$0.peak] + $0.lower.prefix(1) }
        let doubtful =
            series.drops.filter { $0.rolloverModulusKm != nil }.flatMap { $0.lower.prefix(1) }
            + series.typingErrors
        for reading in (falls + doubtful).prefix(labelledMaximum) {
            let (x, y) = (scale.x(reading.occurredAt), scale.y(reading.km))
            let isLow = (ChartScale.top.value + ChartScale.bottom.value) / 2 < y.value
            let isPeak = series.drops.contains { $0.peak == reading }
            let below = isLow && !isPeak && y.value < ChartScale.bottom.value - 160
            let anchor =
                x.value < ChartScale.left.value + 300
                ? "start" : x.value > ChartScale.right.value - 300 ? "end" : "middle"
            svg.element(
                "text",
                [
                    "x": x.attribute, "y": (y + Tenths(pixels: below ? 16 : -8)).attribute, "text-anchor": anchor,
                    "fill": doubtful.contains(reading) ? doubt : alarm, "stroke": "#ffffff",
                    "stroke-width": "3", "paint-order": "stroke",
                ],
                PlainNumbers.grouped(reading.km)
            )
        }
    }

    // MARK: Words

    private static func words(for verdict: OdometerSeries.Verdict) -> LocalizedText {
        switch verdict {
        case .consistent: LocalizedText(zh: "与其他读数一致", en: "agrees with the others")
        case .peak: LocalizedText(zh: "变小之前的最高读数", en: "highest before a fall")
        case .lower: LocalizedText(zh: "比之前的读数小", en: "lower than before")
        case .rolledOver: LocalizedText(zh: "看来跑满后从零计数", en: "counter seems to have begun anew")
        case .typingError: LocalizedText(zh: "多半是录入错误", en: "most likely a typing error")
        case .tooFar: LocalizedText(zh: "这么短的时间跑不了这么远", en: "too far for the time")
        }
    }

    private static func description(_ series: OdometerSeries) -> LocalizedText {
        let readings = series.points.map(\.reading).sorted(by: OdometerReading.inOrder)
        guard let first = readings.first, let last = readings.last else {
            return LocalizedText(zh: "没有里程读数。", en: "No readings recorded.")
        }
        let (from, to) = (PlainNumbers.grouped(first.km), PlainNumbers.grouped(last.km))
        let odd = series.points.filter { $0.verdict != .consistent }
        let zh = odd.map { "\($0.reading.date) \(PlainNumbers.grouped($0.reading.km)) 公里，\(words(for: $0.verdict).zh)" }
        let en = odd.map {
            "\(PlainNumbers.grouped($0.reading.km)) km on \($0.reading.date), \(words(for: $0.verdict).en)"
        }
        return LocalizedText(
            zh: (["共 \(readings.count) 个读数，从 \(first.date) 的 \(from) 公里到 \(last.date) 的 \(to) 公里"] + zh)
                .joined(separator: "；") + "。",
            en: (["\(readings.count) reading(s), from \(from) km on \(first.date) to \(to) km on \(last.date)"] + en)
                .joined(separator: "; ") + "."
        )
    }

    // MARK: Legend

    private static func legend(_ series: OdometerSeries) -> [OdometerSeries.Verdict] {
        let present = Set(series.points.map(\.verdict))
        return OdometerSeries.Verdict.allCases.filter(present.contains)
    }

    private static func drawLegend(_ verdicts: [OdometerSeries.Verdict], isReplaced: Bool, _ svg: inout SVGWriter) {
        for (row, verdict) in verdicts.enumerated() {
            let words = words(for: verdict)
            svg.empty("path", shape(of: verdict, Tenths(pixels: 18), legendLine(row)))
            drawLegendText("\(words.zh) \(words.en)", row: row, &svg)
        }
        guard isReplaced else { return }
        let y = legendLine(verdicts.count)
        svg.empty(
            "line",
            [
                "x1": "18", "x2": "18", "y1": (y - Tenths(pixels: 7)).attribute,
                "y2": (y + Tenths(pixels: 7)).attribute, "stroke": ink, "stroke-dasharray": "2 3",
            ]
        )
        drawLegendText("更换里程表 odometer replaced", row: verdicts.count, &svg)
    }

    private static func drawLegendText(_ text: String, row: Int, _ svg: inout SVGWriter) {
        svg.element("text", ["x": "30", "y": (legendLine(row) + Tenths(pixels: 4)).attribute], text)
    }

    private static func legendLine(_ row: Int) -> Tenths {
        Tenths(pixels: legendTop + row * legendRowHeight)
    }
}

extension VehicleReport {
    package var odometerChart: String { OdometerChart.svg(odometer) }

    package var identityJSON: JSON { identity.json }
}
