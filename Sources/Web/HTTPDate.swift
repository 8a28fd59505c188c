import Core
import Synchronization

/// The `Date` of answers, written once a second.
final class HTTPDates: Sendable {
    private let last = Mutex((second: Int64.min, text: ""))

    func text(at now: Instant) -> String {
        let second = now.microseconds / 1_000_000
        return last.withLock { last in
            if last.second != second { last = (second, now.httpDate) }
            return last.text
        }
    }
}

extension Instant {
    /// IMF-fixdate (RFC 9110, section 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
    var httpDate: String {
        let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let text = rfc3339
        let date = CalendarDate(String(text.prefix(10))) ?? CalendarDate(daysSinceEpoch: 0)
        let (year, month, day) = date.components
        let time = text.dropFirst(11).prefix(8)
        return "\(weekdays[date.weekday - 1]), \(day < 10 ? "0" : "")\(day) \(months[month - 1]) \(year) \(time) GMT"
    }
}
