package import Core

/// What is left of a layer's limits: for a claim, for a component, in all. Money is reserved for a claim before it is
/// paid, so that two claims that run at the same time never get more together than there is.
package struct LimitAccount: Sendable, Hashable {
    package let limits: Limits
    package private(set) var uses: [Use]

    /// What one claim holds and has had for one component.
    package struct Use: Sendable, Hashable {
        package let claim: String
        /// The assembly: whoever splits a gearbox into its parts has not more than one limit.
        package let component: String
        package var reserved: Money
        package var paid: Money

        package init(claim: String, component: String, reserved: Money, paid: Money) {
            self.claim = claim
            self.component = component
            self.reserved = reserved
            self.paid = paid
        }

        var total: Int64 { reserved.fen + paid.fen }
    }

    package init(_ limits: Limits, uses: [Use] = []) {
        self.limits = limits
        self.uses = uses
    }

    package var reserved: Money { Money(fen: uses.reduce(0) { $0 + $1.reserved.fen }) }
    package var paid: Money { Money(fen: uses.reduce(0) { $0 + $1.paid.fen }) }

    /// In all, whatever the claim. Never negative.
    package var left: Money { Money(fen: max(0, limits.total.fen - reserved.fen - paid.fen)) }

    /// - Parameter marketValue: what the car is worth now; the limit in all is never above it.
    package func left(for claim: String, _ component: String, marketValue: Money? = nil) -> Money {
        let forClaim = limits.claim.fen - sum { $0.claim == claim }
        let forComponent = limits.component.fen - sum { $0.component == component }
        let total = min(limits.total.fen, marketValue?.fen ?? limits.total.fen)
        return Money(fen: max(0, min(forClaim, forComponent, total - sum { _ in true })))
    }

    private func sum(_ isCounted: (Use) -> Bool) -> Int64 {
        uses.reduce(0) { $0 + (isCounted($1) ? $1.total : 0) }
    }

    /// - Throws: `Failure.limitExceeded` where less is left.
    package mutating func reserve(
        _ amount: Money,
        for claim: String,
        _ component: String,
        marketValue: Money? = nil
    ) throws {
        let left = left(for: claim, component, marketValue: marketValue)
        guard amount > .zero, amount <= left else {
            throw Failure(
                .limitExceeded,
                zh: "剩余限额 \(yuan(left)) 元，申请 \(yuan(amount)) 元",
                en: "\(yuan(left)) yuan are left, \(yuan(amount)) yuan were asked for"
            )
        }
        let index = index(of: claim, component)
        uses[index].reserved = Money(fen: uses[index].reserved.fen + amount.fen)
    }

    /// Out of what was reserved.
    ///
    /// - Throws: `Failure.notReserved` where it was less.
    package mutating func pay(_ amount: Money, for claim: String, _ component: String) throws {
        let index = try reservation(of: amount, for: claim, component)
        uses[index].reserved = Money(fen: uses[index].reserved.fen - amount.fen)
        uses[index].paid = Money(fen: uses[index].paid.fen + amount.fen)
    }

    /// - Throws: `Failure.notReserved` where it was less.
    package mutating func release(_ amount: Money, for claim: String, _ component: String) throws {
        let index = try reservation(of: amount, for: claim, component)
        uses[index].reserved = Money(fen: uses[index].reserved.fen - amount.fen)
    }

    private func reservation(of amount: Money, for claim: String, _ component: String) throws -> Int {
        let index = uses.firstIndex { $0.claim == claim && $0.component == component }
        guard let index, amount > .zero, amount <= uses[index].reserved else { throw Failure(.notReserved) }
        return index
    }

    private mutating func index(of claim: String, _ component: String) -> Int {
        if let index = uses.firstIndex(where: { $0.claim == claim && $0.component == component }) { return index }
        uses.append(Use(claim: claim, component: component, reserved: .zero, paid: .zero))
        return uses.count - 1
    }
}

extension ComponentTree {
    /// What a limit for a component counts by: the assembly, or what of a system has none.
    package func limitUnit(of id: String) -> String {
        id.split(separator: ".").prefix(2).joined(separator: ".")
    }
}
