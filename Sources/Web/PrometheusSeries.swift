import CoreMetrics
import Synchronization

/// One line, or a few, of a scrape.
protocol Series: AnyObject, Sendable {
    func append(to text: inout String, name: String, labels: String)
}

final class CounterSeries: CounterHandler, Series {
    private let value = Atomic<Int64>(0)

    func increment(by amount: Int64) {
        value.wrappingAdd(amount, ordering: .relaxed)
    }

    func reset() {
        value.store(0, ordering: .relaxed)
    }

    func append(to text: inout String, name: String, labels: String) {
        text += line(name, labels, "\(value.load(ordering: .relaxed))")
    }
}

final class GaugeSeries: MeterHandler, RecorderHandler, Series {
    private let value = Mutex(0.0)

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { self.value.withLock { $0 = value } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    func record(_ value: Int64) { set(value) }
    func record(_ value: Double) { set(value) }

    func append(to text: inout String, name: String, labels: String) {
        text += line(name, labels, "\(value.withLock { $0 })")
    }
}

/// Cumulative buckets with fixed bounds: the operator's server computes the percentiles.
final class HistogramSeries: RecorderHandler, TimerHandler, Series {
    /// In seconds: from a cached answer to the deadline of an import.
    static let seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
    /// For counts and sizes.
    static let sizes = [1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576].map { Double($0) }

    private struct State {
        var counts: [Int]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    func record(_ value: Int64) { record(Double(value)) }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func record(_ value: Double) {
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[bucket] += 1
            state.sum += value
        }
    }

    func append(to text: inout String, name: String, labels: String) {
        let state = state.withLock { $0 }
        let separator = labels.isEmpty ? "" : ","
        var count = 0
        for (index, bound) in (bounds.map { "\($0)" } + ["+Inf"]).enumerated() {
            count += state.counts[index]
            text += line("\(name)_bucket", "\(labels)\(separator)le=\"\(bound)\"", "\(count)")
        }
        text += line("\(name)_sum", labels, "\(state.sum)")
        text += line("\(name)_count", labels, "\(count)")
    }
}

private func line(_ name: String, _ labels: String, _ value: String) -> String {
    labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels)} \(value)\n"
}
