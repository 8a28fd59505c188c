package import Core

/// What adjudication goes by, in one edition. Numbers that are not law are our own proposal.
package struct AdjudicationPolicy: Sendable, Hashable {
    package let version: String
    package let authority: AuthorityTable
    package let betterment: BettermentTable
    package let fraud: FraudRules
    /// What an emergency repair gets that nobody was asked about.
    package let emergencyMaximum: Money
    /// Of the interval: what is less late is not late.
    package let maintenanceTolerance: BasisPoints
    /// VAT rates that an invoice for a repair has.
    package let taxRates: Set<BasisPoints>
    package let taxSource: RuleSource
    package let source: RuleSource

    package init(
        version: String,
        authority: AuthorityTable,
        betterment: BettermentTable,
        fraud: FraudRules,
        emergencyMaximum: Money,
        maintenanceTolerance: BasisPoints,
        taxRates: Set<BasisPoints>,
        taxSource: RuleSource,
        source: RuleSource
    ) {
        self.version = version
        self.authority = authority
        self.betterment = betterment
        self.fraud = fraud
        self.emergencyMaximum = emergencyMaximum
        self.maintenanceTolerance = maintenanceTolerance
        self.taxRates = taxRates
        self.taxSource = taxSource
        self.source = source
    }

    package static let proposal2026 = AdjudicationPolicy(
        version: "adjudication-2026-1",
        authority: .proposal2026,
        betterment: .proposal2026,
        fraud: .proposal2026,
        emergencyMaximum: Money(fen: 1_000 * 100),
        maintenanceTolerance: BasisPoints(13_000),
        // 13 % on parts and repairs, 3 % and 1 % for small taxpayers, none from whoever is exempt.
        taxRates: [BasisPoints(1_300), BasisPoints(300), BasisPoints(100), BasisPoints(0)],
        taxSource: RuleSource(
            .recalledNotRead,
            zh: "增值税税率（凭记忆，未核对原文）",
            en: "VAT rates (recalled, not read)"
        ),
        source: .ownProposal
    )
}
