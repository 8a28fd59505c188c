package import Core
package import Storage
package import Web

/// Up to which level somebody decides on claims, and how long his certificate says so.
package struct ClaimsCompetence: Sendable, Hashable {
    package let level: StaffLevel
    /// The last day.
    package let until: CalendarDate

    /// The highest level that a certificate and the role both allow.
    ///
    /// - Returns: `nil` where no certificate counts today, or the role decides on nothing.
    package static func of(_ person: PersonID, as role: Role, _ tx: any Transaction) throws -> ClaimsCompetence? {
        guard let ceiling = ceiling(of: role) else { return nil }
        let today = tx.now.dateInChina
        let valid = try PersonStore.certificates(tx, of: person).filter { $0.kind == .claims && $0.isValid(on: today) }
        guard let best = valid.max(by: { ($0.level, $0.expiresOn) < ($1.level, $1.expiresOn) }) else { return nil }
        return ClaimsCompetence(level: min(best.level, ceiling), until: best.expiresOn)
    }

    /// Whoever begins may come as far as the intermediate level without another role.
    private static func ceiling(of role: Role) -> StaffLevel? {
        switch role {
        case .claimsJunior: .intermediate
        case .claimsSenior: .senior
        case .claimsManager: .manager
        case .admin, .dealer, .workshop, .insurer, .authority, .finance, .auditor, .buyer: nil
        }
    }
}
