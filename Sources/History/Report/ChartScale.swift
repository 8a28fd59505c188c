import Core

/// Where instants and kilometres lie on a chart, and where its axes are marked.
struct ChartScale {
    static let left = Tenths(pixels: 64)
    static let right = Tenths(pixels: 338)
    static let top = Tenths(pixels: 36)
    static let bottom = Tenths(pixels: 200)
    /// Marks stay off the frame by this much.
    private static let inset = 80
    private static let ticksMaximum = 5
    private static let millisecondsPerDay: Int64 = 86_400_000

    private let firstMillisecond: Int64
    private let lastMillisecond: Int64
    private let isShort: Bool
    /// The top of the chart.
    let maximumKm: Int64
    let stepKm: Int64

    /// - Parameter readings: at least one, by time.
    init?(_ readings: [OdometerReading]) {
        guard let first = readings.first, let last = readings.last else { return nil }
        isShort = last.occurredAt.milliseconds - first.occurredAt.milliseconds < ChartScale.millisecondsPerDay
        let margin = isShort ? ChartScale.millisecondsPerDay : 0
        firstMillisecond = first.occurredAt.milliseconds - margin
        lastMillisecond = last.occurredAt.milliseconds + margin
        let highest = max(1, readings.map(\.km).max() ?? 1)
        stepKm = ChartScale.step(for: highest)
        maximumKm = (highest + stepKm - 1) / stepKm * stepKm
    }

    /// The smallest of 1, 2, 5, 10, 20, 50 … that needs no more marks than fit.
    private static func step(for highest: Int64) -> Int64 {
        var power: Int64 = 1
        while true {
            for step in [power, 2 * power, 5 * power] where (highest + step - 1) / step <= Int64(ticksMaximum) {
                return step
            }
            power *= 10
        }
    }

    func x(_ instant: Instant) -> Tenths {
        let width = Int64(ChartScale.right.value - ChartScale.left.value - 2 * ChartScale.inset)
        let elapsed = instant.milliseconds - firstMillisecond
        let offset = elapsed * width / (lastMillisecond - firstMillisecond)
        return Tenths(ChartScale.left.value + ChartScale.inset + Int(offset))
    }

    func y(_ km: Int64) -> Tenths {
        let height = Int64(ChartScale.bottom.value - ChartScale.top.value)
        return Tenths(ChartScale.bottom.value - Int(km * height / maximumKm))
    }

    var kmMarks: [Int64] {
        Array(stride(from: 0, through: maximumKm, by: Int64.Stride(stepKm)))
    }

    /// Beginnings of months or years, a few of them; the first and the last day where too little time lies between.
    var dateMarks: [(at: Instant, label: String)] {
        for months in [1, 2, 3, 6, 12, 24, 60, 120, 240] {
            let marks = marks(everyMonths: months)
            guard marks.count <= ChartScale.ticksMaximum else { continue }
            return marks.count > 1 ? marks : ends
        }
        return ends
    }

    private var first: Instant { Instant(milliseconds: firstMillisecond) }
    private var last: Instant { Instant(milliseconds: lastMillisecond) }

    /// One mark in the middle where everything was read on one day.
    private var ends: [(at: Instant, label: String)] {
        let days = isShort ? [Instant(milliseconds: (firstMillisecond + lastMillisecond) / 2)] : [first, last]
        return days.map { ($0, $0.dateInChina.description) }
    }

    private func marks(everyMonths step: Int) -> [(at: Instant, label: String)] {
        let (year, month, _) = first.dateInChina.components
        let (lastYear, lastMonth, _) = last.dateInChina.components
        let months = (year * 12 + month - 1)...(lastYear * 12 + lastMonth - 1)
        return months.filter { $0.isMultiple(of: step) }.compactMap { month in
            guard let date = CalendarDate(year: month / 12, month: month % 12 + 1, day: 1) else { return nil }
            let at = date.startInChina
            guard first <= at, at <= last else { return nil }
            return (at, step < 12 ? String(date.description.prefix(7)) : "\(month / 12)")
        }
    }
}
