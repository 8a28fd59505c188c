import Core
package import Cryptography
import Identity
import People
package import Storage
package import Web

/// What the endpoints of this slice share.
package struct ClaimService: Sendable {
    let database: any Database
    let claims: Claims
    /// Of what is kept as a keyed hash alone.
    let pepper: SecretBytes

    var advances: Advances { Advances(claims) }
    var complaints: Complaints { Complaints(claims) }

    package init(database: any Database, claims: Claims, pepper: SecretBytes) {
        self.database = database
        self.claims = claims
        self.pepper = pepper
    }

    package var endpoints: [Endpoint] {
        claimEndpoints + stepEndpoints + advanceEndpoints + teamEndpoints + complaintEndpoints
            + bookEndpoints + holderEndpoints
    }
}

extension Call {
    /// As whom the caller acts on claims: a buyer and a dealer for themselves, the platform's staff by the certificate.
    ///
    /// - Throws: `forbidden` for whoever has nothing to do with claims.
    func claimActor(_ tx: any Transaction) throws -> ClaimActor {
        let principal = try requirePrincipal()
        switch principal.role {
        case .buyer: return ClaimActor(Caller(.buyer, principal.organization))
        case .dealer: return ClaimActor(Caller(.dealer, principal.organization))
        case .finance: return ClaimActor(Caller(.finance, principal.credential))
        case .admin, .auditor: return ClaimActor(Caller(.auditor, principal.credential))
        case .claimsJunior, .claimsSenior, .claimsManager:
            guard let person = PersonID(principal.credential),
                let competence = try ClaimsCompetence.of(person, as: principal.role, tx),
                let role = CallerRole(rawValue: competence.level.rawValue)
            else { throw Failure.involved(.certificateMissing) }
            return ClaimActor(Caller(role, person.text), certifiedUntil: competence.until)
        case .workshop, .insurer, .authority: throw Failure(.forbidden)
        }
    }

    /// The platform's own programs take claims in for buyers who call; they decide on none.
    func filingActor(_ tx: any Transaction) throws -> ClaimActor {
        let principal = try requirePrincipal()
        guard principal.role == .admin else { return try claimActor(tx) }
        return ClaimActor(Caller(.system, principal.credential))
    }

    /// - Throws: `claimNotYours` for what is no number of a claim.
    func claim() throws -> ClaimID {
        guard let id = ClaimID(try parameter("id")) else { throw Failure(.claimNotYours) }
        return id
    }

    func advance() throws -> AdvanceID {
        guard let id = AdvanceID(try parameter("id")) else { throw Failure(.claimNotYours) }
        return id
    }

    /// Reads a body of the step's own, with every fault.
    func read<Value>(_ body: (inout ObjectReader) -> Value?) throws -> Value {
        var reader = try ObjectReader(json)
        let value = body(&reader)
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard let value else { throw Failure(.invalidRequest) }
        return value
    }
}

extension Caller {
    var timelineReader: TimelineReader {
        switch role {
        case .buyer: .buyer
        case .dealer: .dealer
        case .junior, .intermediate, .senior, .manager, .finance, .auditor, .system: .staff
        }
    }
}
