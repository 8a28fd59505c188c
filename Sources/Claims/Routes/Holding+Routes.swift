import Core
import HTTPTypes
import Identity
import People
import Storage
import Warranty
import Web

// What a dealer is told, and how a buyer comes to hold a contract.
extension ClaimService {
    private static let codeLength = 1...100

    private var holders: HolderCodes { HolderCodes(warranties: claims.warranties, pepper: pepper) }

    var holderEndpoints: [Endpoint] {
        [
            Endpoint(
                .post,
                "/v1/warranties/{id}/holder-code",
                body: .json,
                repetition: .keyed,
                authorize: Policy.authorize(.warrantyUpdate),
                handler: issueHolderCode
            ),
            Endpoint(
                .post,
                "/v1/me/warranties",
                body: .json,
                repetition: .keyed,
                authorize: Policy.authorize(.warrantyHold),
                handler: takeWarranty
            ),
            Endpoint(.get, "/v1/me/warranties", authorize: Policy.authorize(.warrantyHeld), handler: heldWarranties),
            Endpoint(
                .get,
                "/v1/dealers/{id}/notices",
                query: Page.query.union(["claim"]),
                authorize: Policy.authorize(.dealerNoticeRead),
                handler: notices
            ),
        ]
    }

    private func issueHolderCode(_ call: Call) async throws -> Reply {
        try call.requireEmptyObject()
        guard let id = WarrantyID(try call.parameter("id")) else { throw Failure(.notFound) }
        return try await database.writeRetrying { tx in
            try call.once(in: tx) {
                let issued = try holders.issue(tx, id) { Policy.owns(call.principal, $0.dealer.text) }
                let json: JSON = ["code": JSON(issued.code.secret), "expires_at": JSON(issued.expiresAt)]
                return Reply.json(json, status: .created)
            }
        }
    }

    private func takeWarranty(_ call: Call) async throws -> Reply {
        let code = try call.read { $0.string("code", length: ClaimService.codeLength) }
        let person = try call.requirePrincipal().organization
        return try await database.writeRetrying { tx in
            try call.once(in: tx) {
                Reply.json(try holders.take(tx, code, by: person).json, status: .created)
            }
        }
    }

    private func heldWarranties(_ call: Call) async throws -> Reply {
        let person = try call.requirePrincipal().organization
        return try await database.read { tx in
            let json: JSON = ["data": .array(try holders.all(tx, of: person).map(\.json))]
            return Reply.json(json).withETag(Identity.entityTag(version: 1, json))
        }
    }

    /// In the order of time.
    private func notices(_ call: Call) async throws -> Reply {
        guard let id = OrganizationID(try call.parameter("id")), Policy.attends(call.principal, to: id.text) else {
            throw Failure(.notFound)
        }
        let page = try call.page()
        let position = page.position.flatMap { NoticePosition($0) } ?? NoticePosition.first
        let claim = try call.asked("claim") { ClaimID($0) }
        return try await database.read { tx in
            guard try Organizations.find(tx, id)?.kind == .dealer else { throw Failure(.notFound) }
            let found = try DealerNoticeStore.page(
                tx,
                id.text,
                claim: claim,
                after: (position.at, position.cause),
                limit: page.limit + 1
            )
            return call.list(found, on: page, position: { "\($0.at.microseconds) \($0.cause)" }, json: \.json)
        }
    }
}

/// How far a dealer's notices were read.
private struct NoticePosition {
    static let first = NoticePosition(at: -1, cause: "")

    let at: Int64
    let cause: String

    private init(at: Int64, cause: String) {
        self.at = at
        self.cause = cause
    }

    init?(_ text: String) {
        let parts = text.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let at = Int64(parts[0]) else { return nil }
        self.init(at: at, cause: String(parts[1]))
    }
}
