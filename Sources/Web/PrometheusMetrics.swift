import Core
package import CoreMetrics
import Synchronization

/// Keeps metrics in memory and gives them out as Prometheus' text format 0.0.4.
package final class PrometheusMetrics: MetricsFactory, Sendable {
    /// Series of one name. The labels of one more are replaced: a label that takes its values from callers must not
    /// fill the memory.
    private static let maximumSeries = 1000
    private static let overflow = [("overflow", "true")]

    private struct Family {
        let kind: String
        var series: [String: any Series] = [:]
    }

    private let families = Mutex<[String: Family]>([:])

    package init() {}

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, "counter", dimensions) { CounterSeries() }
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, "gauge", dimensions) { GaugeSeries() }
    }

    package func makeRecorder(
        label: String,
        dimensions: [(String, String)],
        aggregate: Bool
    ) -> any RecorderHandler {
        if aggregate {
            return series(label, "histogram", dimensions) { HistogramSeries(bounds: HistogramSeries.sizes) }
        }
        return series(label, "gauge", dimensions) { GaugeSeries() }
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, "histogram", dimensions) { HistogramSeries(bounds: HistogramSeries.seconds) }
    }

    /// Prometheus expects a series that was once there to stay.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}

    /// The answer to a scrape.
    package func text() -> [UInt8] {
        let families = families.withLock { $0 }
        var text = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            text += "# TYPE \(name) \(family.kind)\n"
            for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
                series.append(to: &text, name: name, labels: labels)
            }
        }
        return Array(text.utf8)
    }

    /// The series of this name and these labels; a name that is in use for another kind gives one that nobody reads.
    private func series<New: Series>(
        _ label: String,
        _ kind: String,
        _ dimensions: [(String, String)],
        _ make: () -> New
    ) -> New {
        let name = sanitized(label)
        return families.withLock { families in
            var family = families[name] ?? Family(kind: kind)
            var labels = labelText(dimensions)
            if family.series[labels] == nil, family.series.count >= PrometheusMetrics.maximumSeries {
                labels = labelText(PrometheusMetrics.overflow)
            }
            if let known = family.series[labels] { return known as? New ?? make() }
            guard family.kind == kind else { return make() }
            let new = make()
            family.series[labels] = new
            families[name] = family
            return new
        }
    }

    private func labelText(_ dimensions: [(String, String)]) -> String {
        dimensions.sorted { $0.0 < $1.0 }
            .map { "\(sanitized($0.0))=\"\(escaped($0.1))\"" }
            .joined(separator: ",")
    }

    private func sanitized(_ name: String) -> String {
        String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }

    private func escaped(_ value: String) -> String {
        value.reduce(into: "") { text, character in
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.append(character)
            }
        }
    }
}
