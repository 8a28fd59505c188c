package import Core
package import Cryptography

/// Which entry a verdict speaks of.
package struct EntryPlace: Sendable, Hashable {
    /// Its place in the chain, counted from 0: the `seq` that it has, or ought to have.
    package let seq: Int
    /// The hash under which it was kept; where there is none, that of its bytes.
    package let hash: Digest
}

/// The outcome of one check of a whole chain.
package struct CheckVerdict: Sendable, Hashable {
    package let check: ChainCheck
    /// The first entry that does not pass; `nil` where all do.
    package let place: EntryPlace?
    /// What exactly is wrong, where more is known than that the check failed.
    let reason: LocalizedText?

    package var passed: Bool { place == nil }

    package var detail: LocalizedText {
        guard let place else { return check.passed }
        let failed = check.failed
        return LocalizedText(
            zh: "seq \(place.seq)（哈希 \(place.hash)）：\(failed.zh)" + (reason.map { "：\($0.zh)" } ?? ""),
            en: "seq \(place.seq) (hash \(place.hash)): \(failed.en)" + (reason.map { ": \($0.en)" } ?? "")
        )
    }
}

/// What verification found, check by check.
package struct ChainVerdict: Sendable, Hashable {
    /// One for every `ChainCheck`, in its order.
    package let checks: [CheckVerdict]
    package let count: Int
    /// Hash of the newest entry's bytes: compare it with a head that is known from elsewhere, as no chain can show by
    /// itself that its end was not cut off. `nil` where there are no entries.
    package let head: Digest?
    /// Entries whose payload was erased on record. They are not broken.
    package let sealed: [EntryPlace]
    /// How many signatures of sources were found valid. A sealed entry's cannot be looked at any more.
    package let signatureCount: Int

    /// `true` where every check passed; otherwise the chain was altered.
    package var isGenuine: Bool { checks.allSatisfy(\.passed) }

    /// The first entry that fails any check.
    package var firstBadEntry: EntryPlace? {
        checks.compactMap(\.place).min { $0.seq < $1.seq }
    }

    package subscript(check: ChainCheck) -> CheckVerdict? {
        checks.first { $0.check == check }
    }

    package var summary: LocalizedText {
        guard let place = firstBadEntry else {
            return LocalizedText(
                zh: "真实：全部 \(count) 条记录通过核验" + (sealed.isEmpty ? "" : "，其中 \(sealed.count) 条内容已依法删除"),
                en: "Genuine: all entries verify (\(count))"
                    + (sealed.isEmpty ? "" : "; of some the payload was erased (\(sealed.count))")
            )
        }
        return LocalizedText(
            zh: "已被改动：自 seq \(place.seq) 起有问题（哈希 \(place.hash)）",
            en: "Altered: the first bad entry is seq \(place.seq) (hash \(place.hash))"
        )
    }
}
