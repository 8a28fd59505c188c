/// What clients did with lists that they appended to and read, and what must not have happened.
///
/// Each value is appended once, so the final list tells the order of all appends, and a read tells which of them it
/// saw (K. Kingsbury and P. Alvaro, "Elle", VLDB 2020). Times are numbers of one counter: what was answered before
/// another thing was asked comes before it.
enum ListAppend {
    struct Operation: Sendable {
        let client: Int
        let key: String
        let asked: Int
        let answered: Int
        let action: Action
    }

    enum Action: Sendable, Hashable {
        /// It was told where in the list the value stands.
        case append(String, position: Int)
        case read([String])
    }

    enum Anomaly: Sendable, Hashable {
        /// An acknowledged value is not in the list.
        case lost(String)
        /// It stands there more than once.
        case doubled(String)
        /// It stands elsewhere than its client was told, or before one that was there when it was asked for.
        case reordered(String)
        /// Nobody appended it.
        case unasked(String)
        /// A read saw what is no beginning of the final list.
        case forked(key: String, asked: Int)
        /// A read did not see what had been acknowledged to somebody, or read by somebody, before it was asked for.
        case stale(key: String, asked: Int)
        /// The same, and it was the very client that had seen more.
        case backwards(client: Int, key: String, asked: Int)
        /// A read saw what was only asked for after its answer.
        case foreseen(String)
    }

    /// - Parameter lists: what stood there in the end.
    static func anomalies(in operations: [Operation], lists: [String: [String]]) -> Set<Anomaly> {
        let keys = Set(operations.map(\.key)).union(lists.keys)
        let byKey = Dictionary(grouping: operations, by: \.key)
        return keys.reduce(into: []) { all, key in
            let list = lists[key] ?? []
            let own = byKey[key] ?? []
            all.formUnion(anomaliesOfAppends(own, list))
            all.formUnion(anomaliesOfReads(own, list))
            all.formUnion(anomaliesOfTime(own))
        }
    }

    private static func anomaliesOfAppends(_ operations: [Operation], _ list: [String]) -> [Anomaly] {
        let places = Dictionary(grouping: list.indices, by: { list[$0] })
        var appended: Set<String> = []
        var found: [Anomaly] = []
        for case (.append(let value, let position)) in operations.map(\.action) {
            appended.insert(value)
            let standing = places[value] ?? []
            if standing.isEmpty { found.append(.lost(value)) }
            if standing.count > 1 { found.append(.doubled(value)) }
            if let first = standing.first, first != position { found.append(.reordered(value)) }
        }
        return found + places.keys.filter { !appended.contains($0) }.map { .unasked($0) }
    }

    private static func anomaliesOfReads(_ operations: [Operation], _ list: [String]) -> [Anomaly] {
        var askedAt: [String: Int] = [:]
        for operation in operations {
            if case .append(let value, _) = operation.action { askedAt[value] = operation.asked }
        }
        return operations.flatMap { operation -> [Anomaly] in
            guard case .read(let seen) = operation.action else { return [] }
            let isPrefix = seen.count <= list.count && zip(seen, list).allSatisfy { $0 == $1 }
            let foreseen = seen.filter { (askedAt[$0] ?? 0) > operation.answered }
            return (isPrefix ? [] : [.forked(key: operation.key, asked: operation.asked)])
                + foreseen.map { .foreseen($0) }
        }
    }

    /// Goes through what was asked and answered in the order of time, and knows how long the list is at the least.
    private static func anomaliesOfTime(_ operations: [Operation]) -> [Anomaly] {
        var length = 0
        var lengthByClient: [Int: Int] = [:]
        var lengthWhenAsked: [Int: (all: Int, own: Int)] = [:]
        var found: [Anomaly] = []
        for (index, isAnswer) in moments(operations) {
            let operation = operations[index]
            let own = lengthByClient[operation.client] ?? 0
            guard isAnswer else {
                lengthWhenAsked[index] = (length, own)
                continue
            }
            let known = lengthWhenAsked[index] ?? (0, 0)
            let reached: Int
            switch operation.action {
            case .append(let value, let position):
                reached = position + 1
                if reached <= known.all { found.append(.reordered(value)) }
            case .read(let seen):
                reached = seen.count
                if reached < known.own {
                    found.append(.backwards(client: operation.client, key: operation.key, asked: operation.asked))
                } else if reached < known.all {
                    found.append(.stale(key: operation.key, asked: operation.asked))
                }
            }
            length = max(length, reached)
            lengthByClient[operation.client] = max(own, reached)
        }
        return found
    }

    private static func moments(_ operations: [Operation]) -> [(index: Int, isAnswer: Bool)] {
        operations.indices.flatMap { index in
            [(operations[index].asked, index, false), (operations[index].answered, index, true)]
        }.sorted { $0.0 < $1.0 }.map { ($0.1, $0.2) }
    }
}
