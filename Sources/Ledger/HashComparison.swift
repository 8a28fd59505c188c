package import Core
package import Cryptography

/// What a list of entry hashes that somebody kept is worth against the chain as it stands.
package enum HashComparison: Sendable, Hashable {
    /// The chain, whole.
    case genuine
    /// A true beginning of the chain, which has this many newer entries. An empty list is the beginning of every chain.
    case incomplete(missingCount: Int)
    /// From this place on, counted from 0, some hash is not the chain's.
    case altered(at: Int)
    /// There is no such vehicle.
    case unknown

    /// - Parameter claimed: in order, from `seq` 0.
    /// - Parameter chain: likewise; empty where the vehicle has no entries, and so is not known.
    package init(claimed: [Digest], chain: [Digest]) {
        guard !chain.isEmpty else {
            self = .unknown
            return
        }
        let agreedCount = zip(claimed, chain).prefix { $0 == $1 }.count
        if agreedCount < claimed.count {
            self = .altered(at: agreedCount)
        } else if agreedCount < chain.count {
            self = .incomplete(missingCount: chain.count - agreedCount)
        } else {
            self = .genuine
        }
    }

    /// What a program branches on.
    package var name: String {
        switch self {
        case .genuine: "genuine"
        case .incomplete: "incomplete"
        case .altered: "altered"
        case .unknown: "unknown"
        }
    }

    package var explanation: LocalizedText {
        switch self {
        case .genuine:
            LocalizedText(zh: "与账本完全一致，没有缺漏", en: "It is the whole chain, and nothing is missing")
        case .incomplete(let missingCount):
            LocalizedText(
                zh: "内容真实，但不完整：账本中还有 \(missingCount) 条更新的记录",
                en: "It is true and not complete: newer entries exist (\(missingCount))"
            )
        case .altered(let place):
            LocalizedText(
                zh: "与账本不符：从 seq \(place) 起，哈希不是账本中的哈希",
                en: "It differs from the chain: from seq \(place) on, the hash is not the chain's"
            )
        case .unknown:
            LocalizedText(zh: "账本中没有这辆车的记录", en: "There are no entries for this vehicle")
        }
    }
}
