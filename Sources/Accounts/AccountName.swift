/// What an account is for.
package enum AccountKind: String, Sendable, Hashable, CaseIterable {
    /// The bank's account that holds the dealers' deposits.
    case custody
    /// The money set aside to pay buyers before a dealer does.
    case fund
    /// Drawn from the fund for one loss, and not yet paid out.
    case advance
    /// What a dealer owes for one loss.
    case receivable
    case writeOffs = "write_offs"
    /// What the platform bears itself, because a ruling was overturned.
    case borne
    /// What a dealer left with the platform.
    case deposit
    /// What a buyer is owed for one loss.
    case payable
    case fees
    /// What the owner put into the fund.
    case owner

    package enum Side: String, Sendable, Hashable {
        case debit
        case credit
    }

    /// The side that a balance is on, always.
    package var side: Side {
        switch self {
        case .custody, .fund, .advance, .receivable, .writeOffs, .borne: .debit
        case .deposit, .payable, .fees, .owner: .credit
        }
    }

    /// Whether there is one for each dealer.
    var hasParty: Bool { self == .receivable || self == .deposit }

    /// Whether there is one for each loss.
    var hasMatter: Bool { self == .receivable || self == .advance || self == .payable }
}

/// Which account: `fund`, `deposit:org_…`, `receivable:org_…:clm_….1`.
package struct AccountName: Sendable, Hashable {
    private static let separator: Character = ":"
    private static let partBytesMaximum = 100

    package let kind: AccountKind
    package let party: String?
    package let matter: String?

    private init(_ kind: AccountKind, party: String? = nil, matter: String? = nil) {
        self.kind = kind
        self.party = party
        self.matter = matter
    }

    /// - Returns: `nil` where an account of this kind has other parts, or a part cannot be one of a name.
    package init?(kind: AccountKind, party: String?, matter: String?) {
        self.init(kind, party: party, matter: matter)
        guard isValid else { return nil }
    }

    package init?(_ text: String) {
        let words = text.split(separator: AccountName.separator, omittingEmptySubsequences: false).map(String.init)
        guard let kind = AccountKind(rawValue: words[0]) else { return nil }
        var rest = words.dropFirst()
        let party = kind.hasParty ? rest.popFirst() : nil
        let matter = kind.hasMatter ? rest.popFirst() : nil
        self.init(kind: kind, party: party, matter: matter)
        guard rest.isEmpty else { return nil }
    }

    package var text: String {
        [kind.rawValue, party, matter].compactMap { $0 }.joined(separator: String(AccountName.separator))
    }

    /// Whether it has the parts that its kind has, and they can be told apart.
    var isValid: Bool {
        guard (party != nil) == kind.hasParty, (matter != nil) == kind.hasMatter else { return false }
        return [party, matter].compactMap { $0 }.allSatisfy { part in
            (1...AccountName.partBytesMaximum).contains(part.utf8.count)
                && part.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }
        }
    }
}

extension AccountName {
    package static let custody = AccountName(.custody)
    package static let fund = AccountName(.fund)
    package static let writeOffs = AccountName(.writeOffs)
    package static let borne = AccountName(.borne)
    package static let fees = AccountName(.fees)
    package static let owner = AccountName(.owner)

    package static func deposit(of dealer: String) -> AccountName {
        AccountName(.deposit, party: dealer)
    }

    package static func receivable(from dealer: String, for loss: String) -> AccountName {
        AccountName(.receivable, party: dealer, matter: loss)
    }

    package static func advance(for loss: String) -> AccountName {
        AccountName(.advance, matter: loss)
    }

    package static func payable(for loss: String) -> AccountName {
        AccountName(.payable, matter: loss)
    }
}
