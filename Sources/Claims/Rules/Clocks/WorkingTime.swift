import Core

/// Time that counts: whole working days from the day after a clock was started, less what was paused. A clock of three
/// working days that was never paused ends when `WorkingCalendar.deadline` says so, to the microsecond.
struct WorkingTime {
    static let microsecondsPerDay: Int64 = 86_400_000_000
    /// Further away no clock of ours ever ends; without a bound a calendar without a working day would never return.
    private static let daysMaximum = 400

    let calendar: WorkingCalendar
    let firstDay: CalendarDate

    init(_ calendar: WorkingCalendar, startedAt: Instant) {
        self.calendar = calendar
        firstDay = startedAt.dateInChina.adding(days: 1)
    }

    /// The pauses as far as they stop the clock: in order, apart, and together no longer than `maximum`.
    ///
    /// - Throws: `Failure.calendarYearUnknown`.
    func effective(_ pauses: [ClockRun.Pause], until now: Instant, maximum: Int64) throws -> [Span] {
        var left = maximum * WorkingTime.microsecondsPerDay
        var end = firstDay.startInChina
        var spans: [Span] = []
        for pause in pauses.sorted(by: { $0.from < $1.from }) where left > 0 {
            let from = max(pause.from, end)
            let to = pause.to ?? max(now, from)
            guard from < to else { continue }
            // A pause that nobody ends is over when there is nothing left of what may be paused: years that have no
            // calendar yet do not matter then.
            let limit = try? instant(after: left, from: from, without: [])
            let last = limit.map { min($0, to) } ?? to
            let counted = try working(from, last)
            spans.append(Span(from: from, to: last, counted: counted))
            left -= counted
            end = last
        }
        return spans
    }

    struct Span: Sendable, Hashable {
        let from: Instant
        let to: Instant
        /// How much of it would have counted.
        let counted: Int64
    }

    /// When so much time has counted.
    ///
    /// - Throws: `Failure.calendarYearUnknown` where the way there leads through a year without a notice.
    func instant(after counted: Int64, from start: Instant? = nil, without pauses: [Span]) throws -> Instant {
        var left = counted
        var cursor = max(start ?? firstDay.startInChina, firstDay.startInChina)
        var spans = pauses[...]
        for _ in 0..<WorkingTime.daysMaximum {
            let dayEnd = cursor.dateInChina.adding(days: 1).startInChina
            guard try calendar.isWorkingDay(cursor.dateInChina) else {
                cursor = dayEnd
                continue
            }
            while let span = spans.first, span.to <= cursor { spans = spans.dropFirst() }
            while cursor < dayEnd {
                if let span = spans.first, span.from <= cursor {
                    cursor = min(span.to, dayEnd)
                    if span.to <= dayEnd { spans = spans.dropFirst() }
                    continue
                }
                let end = min(spans.first?.from ?? dayEnd, dayEnd)
                let run = end.microseconds - cursor.microseconds
                if left <= run { return Instant(microseconds: cursor.microseconds + left) }
                left -= run
                cursor = end
            }
        }
        return cursor
    }

    /// How much counts from one instant to another.
    ///
    /// - Throws: `Failure.calendarYearUnknown`.
    func working(_ from: Instant, _ to: Instant) throws -> Int64 {
        var total: Int64 = 0
        var cursor = max(from, firstDay.startInChina)
        while cursor < to {
            let day = cursor.dateInChina
            let end = min(day.adding(days: 1).startInChina, to)
            if try calendar.isWorkingDay(day) { total += end.microseconds - cursor.microseconds }
            cursor = end
        }
        return total
    }
}
