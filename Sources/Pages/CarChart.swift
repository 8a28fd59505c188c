import Core
import History
import Web

/// Odometer readings over time. A fall is a thick broken line over a shaded band with both figures on it, so that
/// nobody has to know what to look for; the figures stand in a table below, too.
struct CarChart {
    let language: Language
    let readings: [Reading]
    let replacedAt: [CalendarDate]

    struct Reading {
        let entry: String
        let date: String
        let day: Int64
        let km: Int64
        let verdict: String
        let counter: Int64
    }

    init(language: Language, odometer: JSON) {
        self.language = language
        readings = odometer.list("readings").compactMap { reading in
            guard let date = CalendarDate(reading.text("date")) else { return nil }
            return Reading(
                entry: reading.text("entry"),
                date: reading.text("date"),
                day: Int64(date.daysSinceEpoch),
                km: reading.number("odometer_km"),
                verdict: reading.text("verdict"),
                counter: reading.number("counter")
            )
        }
        replacedAt = odometer.list("replacements").compactMap { CalendarDate($0.text("date")) }
    }

    private static let (width, height) = (Int64(720), Int64(470))
    private static let (left, right, top, bottom) = (Int64(124), Int64(700), Int64(60), Int64(390))

    private func say(_ zh: String, _ en: String) -> String { language.say(zh, en) }

    /// A fall, from the highest reading before it to the first lower one.
    private var falls: [(from: Reading, to: Reading)] {
        let kept = readings.filter { $0.verdict != "typing_error" }
        return zip(kept, kept.dropFirst()).filter { before, after in
            before.counter == after.counter && after.verdict == "lower" && after.km < before.km
        }.map { (from: $0, to: $1) }
    }

    func write(_ page: inout HTMLWriter) {
        guard let first = readings.first, let last = readings.last else {
            return page.element("p", ["class": "soft"], say("没有里程读数。", "No reading was recorded."))
        }
        let scale = Scale(readings)
        page.element(
            "svg",
            [
                "class": "chart", "viewBox": "0 0 \(CarChart.width) \(CarChart.height)", "role": "img",
                "aria-labelledby": "chart-title chart-desc",
            ]
        ) { page in
            page.element("title", ["id": "chart-title"], say("里程表读数随时间的变化", "Odometer readings over time"))
            page.element("desc", ["id": "chart-desc"], description(first, last))
            for fall in falls { writeBand(fall, scale, &page) }
            writeAxes(scale, &page)
            writeLines(scale, &page)
            for reading in readings { writeMark(reading, scale, &page) }
            for fall in falls.prefix(2) { writeFigures(fall, scale, &page) }
        }
        if !falls.isEmpty {
            page.element("p", ["class": "soft"], say("红色虚线：读数变小。", "The broken red line: the reading went down."))
        }
        writeTable(&page)
    }

    private func description(_ first: Reading, _ last: Reading) -> String {
        let range = say(
            "共 \(readings.count) 个读数，从 \(first.date) 的 \(grouped(first.km)) 公里到 \(last.date) 的 \(grouped(last.km)) 公里。",
            "\(readings.count) readings, from \(grouped(first.km)) km on \(first.date) to \(grouped(last.km)) km on "
                + "\(last.date)."
        )
        return falls.reduce(range) { text, fall in
            text
                + say(
                    "\(fall.from.date) 的 \(grouped(fall.from.km)) 公里之后，\(fall.to.date) 只有 \(grouped(fall.to.km)) 公里。",
                    " After \(grouped(fall.from.km)) km on \(fall.from.date) only \(grouped(fall.to.km)) km on "
                        + "\(fall.to.date)."
                )
        }
    }

    private func grouped(_ km: Int64) -> String { PlainNumbers.grouped(km) }

    // MARK: Drawing

    private func writeAxes(_ scale: Scale, _ page: inout HTMLWriter) {
        let (left, right, bottom) = (CarChart.left, CarChart.right, CarChart.bottom)
        for km in scale.marks {
            let y = scale.y(km)
            line("grid", left, y, right, y, &page)
            text(grouped(km), left - 10, y + 9, "end", &page)
        }
        for mark in scale.years {
            line("axis", mark.x, bottom, mark.x, bottom + 7, &page)
            text(mark.label, mark.x, bottom + 36, "middle", &page)
        }
        line("axis", left, bottom, right, bottom, &page)
        text(say("里程（公里）", "Odometer (km)"), 4, 30, "start", &page)
        text(say("年份", "Year"), right, CarChart.height - 4, "end", &page)
        for date in replacedAt {
            let x = scale.x(Int64(date.daysSinceEpoch))
            guard (left...right).contains(x) else { continue }
            line("swap", x, CarChart.top, x, bottom, &page)
            text(say("换表", "replaced"), x, CarChart.top - 6, "middle", &page)
        }
    }

    private func writeLines(_ scale: Scale, _ page: inout HTMLWriter) {
        let kept = readings.filter { $0.verdict != "typing_error" }
        for (before, after) in zip(kept, kept.dropFirst()) where before.counter == after.counter {
            let isFall = after.km < before.km && after.verdict == "lower"
            line(
                isFall ? "fall" : "run",
                scale.x(before.day),
                scale.y(before.km),
                scale.x(after.day),
                scale.y(after.km),
                &page
            )
        }
    }

    private func writeBand(_ fall: (from: Reading, to: Reading), _ scale: Scale, _ page: inout HTMLWriter) {
        let (x1, x2) = (scale.x(fall.from.day), scale.x(fall.to.day))
        page.element(
            "rect",
            [
                "class": "band", "x": "\(x1 - 8)", "y": "\(CarChart.top)", "width": "\(max(x2 - x1, 4) + 16)",
                "height": "\(CarChart.bottom - CarChart.top)",
            ]
        )
    }

    private func writeMark(_ reading: Reading, _ scale: Scale, _ page: inout HTMLWriter) {
        let (x, y) = (scale.x(reading.day), scale.y(reading.km))
        let title = "\(reading.date) \(grouped(reading.km)) " + say("公里", "km") + words(reading, before: say("，", ", "))
        let content: (inout HTMLWriter) -> Void = { $0.element("title", title) }
        switch reading.verdict {
        case "consistent": page.element("circle", ["cx": "\(x)", "cy": "\(y)", "r": "5"], content)
        case "lower" where !falls.contains { $0.to.entry == reading.entry }:
            page.element("circle", ["class": "low", "cx": "\(x)", "cy": "\(y)", "r": "6"], content)
        case "peak", "lower":
            let (tip, base) = reading.verdict == "peak" ? (y - 11, y + 8) : (y + 11, y - 8)
            page.element("path", ["class": "alarm", "d": "M\(x) \(tip)L\(x + 10) \(base)H\(x - 10)z"], content)
        default: page.element("circle", ["class": "doubt", "cx": "\(x)", "cy": "\(y)", "r": "8"], content)
        }
    }

    /// Both figures of a fall, on the side where there is room.
    private func writeFigures(_ fall: (from: Reading, to: Reading), _ scale: Scale, _ page: inout HTMLWriter) {
        for (reading, offset) in [(fall.from, Int64(-18)), (fall.to, Int64(34))] {
            let x = scale.x(reading.day)
            let anchor = x > CarChart.right - 110 ? "end" : x < CarChart.left + 110 ? "start" : "middle"
            let y = min(scale.y(reading.km) + offset, CarChart.bottom - 6)
            page.element(
                "text",
                ["class": "alarm", "x": "\(x)", "y": "\(y)", "text-anchor": anchor],
                grouped(reading.km)
            )
        }
    }

    private func line(_ name: String, _ x1: Int64, _ y1: Int64, _ x2: Int64, _ y2: Int64, _ page: inout HTMLWriter) {
        page.element("line", ["class": name, "x1": "\(x1)", "y1": "\(y1)", "x2": "\(x2)", "y2": "\(y2)"])
    }

    private func text(_ text: String, _ x: Int64, _ y: Int64, _ anchor: String, _ page: inout HTMLWriter) {
        page.element("text", ["x": "\(x)", "y": "\(y)", "text-anchor": anchor], text)
    }

    // MARK: Table

    private func writeTable(_ page: inout HTMLWriter) {
        page.element("details") { page in
            page.element("summary", say("全部 \(readings.count) 个读数", "All readings (\(readings.count))"))
            page.element("table", ["class": "readings"]) { page in
                for reading in readings {
                    let isOdd = reading.verdict != "consistent"
                    page.element("tr", ["class": isOdd ? "odd" : nil, "data-reading": "\(reading.entry.prefix(12))"]) {
                        page in
                        page.element("th", ["scope": "row"], reading.date)
                        page.element("td", ["class": "figure"], grouped(reading.km) + say(" 公里", " km"))
                        page.element("td", words(reading, before: ""))
                    }
                }
            }
        }
    }

    private func words(_ reading: Reading, before: String) -> String {
        switch reading.verdict {
        case "peak": before + say("变小之前的最高读数", "highest before a fall")
        case "lower": before + say("比之前的读数小", "lower than before")
        case "rolled_over": before + say("看来跑满后从零计数", "counter seems to have begun anew")
        case "typing_error": before + say("多半是录入错误", "most likely a typing error")
        case "too_far": before + say("这么短的时间跑不了这么远", "too far for the time")
        default: ""
        }
    }
}

extension CarChart {
    /// Days and kilometres as places in the picture, in whole units of it.
    struct Scale {
        private let firstDay: Int64
        private let days: Int64
        private let highest: Int64
        let marks: [Int64]
        let years: [(x: Int64, label: String)]

        init(_ readings: [Reading]) {
            let days = readings.map(\.day)
            let (first, last) = (days.min() ?? 0, days.max() ?? 0)
            firstDay = first
            self.days = max(1, last - first)
            let step = Scale.step(readings.map(\.km).max() ?? 0)
            let count = max(1, ((readings.map(\.km).max() ?? 0) + step - 1) / step)
            highest = count * step
            marks = (0...count).map { $0 * step }
            years = Scale.years(first, self.days)
        }

        func x(_ day: Int64) -> Int64 { Scale.x(day - firstDay, of: days) }

        func y(_ km: Int64) -> Int64 { CarChart.bottom - km * (CarChart.bottom - CarChart.top) / max(1, highest) }

        private static func x(_ day: Int64, of days: Int64) -> Int64 {
            CarChart.left + 12 + day * (CarChart.right - CarChart.left - 24) / days
        }

        /// 1, 2 or 5 and zeros, so that at the most five lines stand over the axis.
        private static func step(_ highest: Int64) -> Int64 {
            var power: Int64 = 1000
            while true {
                for factor in [1, 2, 5] as [Int64] where factor * power * 5 >= highest { return factor * power }
                power *= 10
            }
        }

        /// First days of years, or where all is within one, the first day alone.
        private static func years(_ first: Int64, _ days: Int64) -> [(x: Int64, label: String)] {
            let begin = CalendarDate(daysSinceEpoch: Int(first)).description
            let end = CalendarDate(daysSinceEpoch: Int(first + days)).description
            let (from, to) = (Int(begin.prefix(4)) ?? 0, Int(end.prefix(4)) ?? 0)
            let all = (from...max(from, to)).dropFirst().compactMap { year -> (x: Int64, label: String)? in
                guard let date = CalendarDate(year: year, month: 1, day: 1) else { return nil }
                return (x(Int64(date.daysSinceEpoch) - first, of: days), "\(year)")
            }
            guard all.count > 1 else {
                return [(x(0, of: days), begin)] + (days > 180 ? [(x(days, of: days) - 40, end)] : [])
            }
            let every = (all.count + 5) / 6
            return all.enumerated().filter { $0.offset.isMultiple(of: every) }.map(\.element)
        }
    }
}
