package import Core
package import Cryptography

/// What a journal is about. Together with its reference it says which business event it posts.
package enum JournalKind: String, Sendable, Hashable, CaseIterable {
    case deposit
    case depositReturn = "deposit_return"
    case funding
    case advance
    case receivable
    case fee
    case recovery
    case depositDraw = "deposit_draw"
    case writeOff = "write_off"
    case payment
    case overturn
    case reversal
}

/// What a journal does to one account. A debit is positive, a credit negative.
package struct Posting: Sendable, Hashable {
    package let account: AccountName
    package let fen: Int64

    package init(_ account: AccountName, fen: Int64) {
        self.account = account
        self.fen = fen
    }

    package static func debit(_ account: AccountName, _ amount: Money) -> Posting {
        Posting(account, fen: amount.fen)
    }

    package static func credit(_ account: AccountName, _ amount: Money) -> Posting {
        Posting(account, fen: -amount.fen)
    }

    /// What it does to the balance, which is on the account's own side.
    package var change: Int64 {
        account.kind.side == .debit ? fen : -fen
    }

    var reversed: Posting { Posting(account, fen: -fen) }
}

/// Why something is posted, and by whom.
package struct Occasion: Sendable, Hashable {
    /// The business event, as the caller names it: of a kind it is posted once, however often it is asked for.
    package let reference: String
    package let reason: String
    /// A person's identifier, or that of a credential, or the name of what acts by itself.
    package let by: String

    package init(_ reference: String, reason: String, by: String) {
        self.reference = reference
        self.reason = reason
        self.by = by
    }
}

/// A journal that is to be posted.
package struct JournalDraft: Sendable, Hashable {
    package static let postingsMaximum = 16
    package static let textBytesMaximum = 1000
    package static let referenceBytesMaximum = 200

    package let kind: JournalKind
    package let occasion: Occasion
    package let postings: [Posting]
    /// The number of the journal that it takes back.
    package let reverses: Int64?

    package init(_ kind: JournalKind, _ occasion: Occasion, _ postings: [Posting], reverses: Int64? = nil) {
        self.kind = kind
        self.occasion = occasion
        self.postings = postings
        self.reverses = reverses
    }

    /// - Throws: `Failure.journalRefused`, with everything that is wrong.
    package func validate() throws {
        let faults = FaultCollector()
        validateOccasion(faults)
        validatePostings(faults)
        try faults.throwIfAny(.journalRefused)
    }

    private func validateOccasion(_ faults: FaultCollector) {
        let texts = [
            ("/reference", occasion.reference, JournalDraft.referenceBytesMaximum),
            ("/reason", occasion.reason, JournalDraft.textBytesMaximum),
            ("/by", occasion.by, JournalDraft.referenceBytesMaximum),
        ]
        for (pointer, text, maximum) in texts where !(1...maximum).contains(text.utf8.count) {
            faults.add(pointer, "length", zh: "须为 1 至 \(maximum) 字节", en: "Must have 1 to \(maximum) bytes")
        }
        if (kind == .reversal) != (reverses != nil) {
            faults.add(
                "/reverses",
                "reversal",
                zh: "冲销凭证须指明原凭证，其他凭证不得指明",
                en: "A reversal names what it reverses, and nothing else does"
            )
        }
    }

    private func validatePostings(_ faults: FaultCollector) {
        if !(2...JournalDraft.postingsMaximum).contains(postings.count) {
            faults.add(
                "/postings",
                "count",
                zh: "须有 2 至 \(JournalDraft.postingsMaximum) 条分录",
                en: "Must have 2 to \(JournalDraft.postingsMaximum) postings"
            )
        }
        for (index, posting) in postings.enumerated() {
            let pointer = "/postings/\(index)"
            if posting.fen == 0 || posting.fen.magnitude > Money.maximumFen.magnitude {
                faults.add(pointer, "amount", zh: "金额须大于零且在可处理范围内", en: "Not an amount that can be posted")
            }
            if !posting.account.isValid {
                faults.add(pointer, "account", zh: "没有这样的科目", en: "There can be no such account")
            }
        }
        if Set(postings.map(\.account)).count != postings.count {
            faults.add("/postings", "repeated_account", zh: "同一科目只能出现一次", en: "An account stands there twice")
        }
        // No sum of so few can leave 64 bits, as none is larger than JSON's integers.
        if postings.count <= JournalDraft.postingsMaximum,
            postings.allSatisfy({ $0.fen.magnitude <= Money.maximumFen.magnitude }),
            postings.reduce(0, { $0 + $1.fen }) != 0
        {
            faults.add("/postings", "unbalanced", zh: "借贷不平衡", en: "Debits and credits differ")
        }
    }
}

/// A journal that was posted. It never changes.
package struct Journal: Sendable, Hashable {
    /// From 1 on, without gaps.
    package let number: Int64
    package let kind: JournalKind
    package let occasion: Occasion
    package let at: Instant
    /// The date in China.
    package let day: CalendarDate
    package let reverses: Int64?
    package let postings: [Posting]
    package let digest: Digest

    /// Of everything in it, and of the digest of the one before.
    func digest(after previous: Digest) -> Digest {
        let json: JSON = [
            "number": .integer(number),
            "kind": JSON(kind.rawValue),
            "reference": JSON(occasion.reference),
            "reason": JSON(occasion.reason),
            "by": JSON(occasion.by),
            "at_microseconds": .integer(at.microseconds),
            "day": JSON(day),
            "reverses": .optional(reverses) { .integer($0) },
            "postings": .array(postings.map { [JSON($0.account.text), .integer($0.fen)] }),
            "previous": JSON(previous.hex),
        ]
        return SHA256.hash(json.canonicalBytes)
    }

    package var json: JSON {
        [
            "number": .integer(number),
            "kind": JSON(kind.rawValue),
            "reference": JSON(occasion.reference),
            "reason": JSON(occasion.reason),
            "by": JSON(occasion.by),
            "at": JSON(at),
            "day": JSON(day),
            "reverses": .optional(reverses) { .integer($0) },
            "postings": .array(
                postings.map { ["account": JSON($0.account.text), "amount_fen": .integer($0.fen)] }
            ),
            "digest": JSON(digest.hex),
        ]
    }
}
