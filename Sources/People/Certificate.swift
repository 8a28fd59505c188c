package import Core
import Identity
package import Web

package enum CertificateTag: IDTag {
    package static let prefix = "crt"
}

package typealias CertificateID = ID<CertificateTag>

/// That somebody has been found able to do something, up to a day. The last day still counts.
package struct Certificate: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case claims
        case inspection
        /// Inspection of new-energy cars.
        case newEnergyInspection = "new_energy_inspection"
    }

    package let id: CertificateID
    package let person: PersonID
    package let kind: Kind
    package let level: StaffLevel
    package let number: String
    package let issuedOn: CalendarDate
    package let expiresOn: CalendarDate
    package let grantedBy: String
    package let grantedAt: Instant
    package let revokedAt: Instant?

    static let numberLength = 1...60
    /// A certificate is for two years at the most (rule of this platform).
    static let validMonthsMaximum = 24

    package func isValid(on day: CalendarDate) -> Bool {
        revokedAt == nil && (issuedOn...expiresOn).contains(day)
    }

    package var json: JSON {
        [
            "id": JSON(id),
            "kind": JSON(kind.rawValue),
            "level": JSON(level.rawValue),
            "number": JSON(number),
            "issued_on": JSON(issuedOn.description),
            "expires_on": JSON(expiresOn.description),
            "granted_at": JSON(grantedAt),
            "revoked_at": .optional(revokedAt) { JSON($0) },
        ]
    }
}

extension Certificate {
    /// What is asked of the platform about a certificate.
    struct Draft: Sendable, Hashable {
        let kind: Kind
        let level: StaffLevel
        let number: String
        let issuedOn: CalendarDate
        let expiresOn: CalendarDate

        init(reading json: JSON) throws {
            var reader = try ObjectReader(json)
            let kind = reader.oneOf("kind", Kind.self)
            let level = reader.oneOf("level", StaffLevel.self)
            let number = reader.line("number", length: Certificate.numberLength)
            let issuedOn = reader.date("issued_on")
            let expiresOn = reader.date("expires_on")
            reader.refuseUnknownMembers()
            if let issuedOn, let expiresOn {
                let latest = issuedOn.adding(months: Certificate.validMonthsMaximum)
                if !(issuedOn...max(issuedOn, latest)).contains(expiresOn) {
                    reader.fault(
                        "expires_on",
                        "out_of_range",
                        zh: "须不早于发证日期，且不超过 \(latest)（有效期最长 \(Certificate.validMonthsMaximum) 个月）",
                        en: "Must not be before the day of issue nor after \(latest): "
                            + "\(Certificate.validMonthsMaximum) months at the most"
                    )
                }
            }
            try reader.faults.throwIfAny()
            guard let kind, let level, let number, let issuedOn, let expiresOn else { throw Failure(.invalidRequest) }
            self.kind = kind
            self.level = level
            self.number = number
            self.issuedOn = issuedOn
            self.expiresOn = expiresOn
        }
    }
}

/// Whether somebody is still found able to do what the role says. Pure.
package enum Competence {
    /// The highest level that a certificate of this kind is valid for.
    package static func level(_ kind: Certificate.Kind, _ certificates: [Certificate], on day: CalendarDate)
        -> StaffLevel?
    {
        certificates.filter { $0.kind == kind && $0.isValid(on: day) }.map(\.level).max()
    }

    /// The role that somebody acts in: a lower one where the certificate for the role has expired, `nil` where there is
    /// none for any.
    package static func role(_ role: Role, _ certificates: [Certificate], on day: CalendarDate) -> Role? {
        guard let needed = StaffRoles.level(of: role) else { return role }
        guard let held = level(.claims, certificates, on: day) else { return nil }
        switch min(needed, held) {
        case .junior, .intermediate: return .claimsJunior
        case .senior: return .claimsSenior
        case .manager: return .claimsManager
        }
    }
}
