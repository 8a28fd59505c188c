package import Core

/// Many complaints of one part or of one dealer within days: a matter for a team, not for each handler alone.
package struct BatchRule: Sendable, Hashable {
    package let windowDays: Int64
    /// Of different cars or customers: one who complains three times is no batch.
    package let minimum: Int
    package let source: RuleSource

    package static let proposal2026 = BatchRule(windowDays: 30, minimum: 3, source: .ownProposal)

    package init(windowDays: Int64, minimum: Int, source: RuleSource) {
        self.windowDays = windowDays
        self.minimum = max(2, minimum)
        self.source = source
    }
}

package struct Batch: Sendable, Hashable {
    package let key: Key
    /// By time.
    package let complaints: [ComplaintID]
    package let from: Instant
    package let to: Instant

    package enum Key: Sendable, Hashable {
        case component(String)
        case dealer(String)

        package var json: JSON {
            switch self {
            case .component(let id): ["component": JSON(id)]
            case .dealer(let id): ["dealer": JSON(id)]
            }
        }
    }
}

extension BatchRule {
    /// The longest run for each part and each dealer in which every window holds enough; parts first, each by name.
    package func batches(in complaints: [Complaint]) -> [Batch] {
        let ordered = complaints.sorted { ($0.at, $0.id) < ($1.at, $1.id) }
        let components = Set(ordered.compactMap(\.component)).sorted().map(Batch.Key.component)
        let dealers = Set(ordered.compactMap(\.dealer)).sorted().map(Batch.Key.dealer)
        return (components + dealers).compactMap { key in
            batch(key, ordered.filter { $0.isPart(of: key) })
        }
    }

    private func batch(_ key: Batch.Key, _ complaints: [Complaint]) -> Batch? {
        var members: Set<Int> = []
        var start = 0
        for end in complaints.indices {
            let opens = complaints[end].at.adding(seconds: -windowDays * 86_400)
            while complaints[start].at < opens { start += 1 }
            if Set(complaints[start...end].map(\.subject)).count >= minimum { members.formUnion(start...end) }
        }
        let chosen = members.sorted().map { complaints[$0] }
        guard let first = chosen.first, let last = chosen.last else { return nil }
        return Batch(key: key, complaints: chosen.map(\.id), from: first.at, to: last.at)
    }
}

extension Complaint {
    /// Whose it is: a car counts once, and so does somebody without one.
    fileprivate var subject: String { vin?.text ?? customer }

    fileprivate func isPart(of key: Batch.Key) -> Bool {
        switch key {
        case .component(let id): component == id
        case .dealer(let id): dealer == id
        }
    }
}

/// Complaints that come from the same cause: of the same car or customer, about the same thing, soon after each other.
package enum RepeatLinks {
    /// Rule of this platform.
    package static let windowDays: Int64 = 90

    /// Each complaint with the first one of its cause; what stands alone is its own.
    package static func roots(of complaints: [Complaint]) -> [ComplaintID: ComplaintID] {
        var roots: [ComplaintID: ComplaintID] = [:]
        var last: [String: Complaint] = [:]
        for complaint in complaints.sorted(by: { ($0.at, $0.id) < ($1.at, $1.id) }) {
            let keys = complaint.causes
            let earlier = keys.compactMap { last[$0] }.filter { isSoon($0, complaint) }
                .min { ($0.at, $0.id) < ($1.at, $1.id) }
            roots[complaint.id] = earlier.flatMap { roots[$0.id] } ?? complaint.id
            for key in keys { last[key] = complaint }
        }
        return roots
    }

    /// Of one that comes after all the others, even at the same instant; `nil` where it stands alone.
    package static func root(of new: Complaint, after earlier: [Complaint]) -> ComplaintID? {
        let causes = Set(new.causes)
        let first = earlier.filter { !causes.isDisjoint(with: $0.causes) && isSoon($0, new) }
            .min { ($0.at, $0.id) < ($1.at, $1.id) }
        return first.flatMap { roots(of: earlier)[$0.id] }
    }

    private static func isSoon(_ earlier: Complaint, _ later: Complaint) -> Bool {
        later.at <= earlier.at.adding(seconds: windowDays * 86_400)
    }
}

extension Complaint {
    fileprivate var causes: [String] {
        let subjects = [vin.map { "car \($0.text)" }, "person \(customer)"].compactMap { $0 }
        let things = [component.map { "part \($0)" }, "class \(category.rawValue)"].compactMap { $0 }
        return subjects.flatMap { subject in things.map { "\(subject) \($0)" } }
    }
}
