import Core
import HTTPTypes
import Identity
import Storage
import Web

extension SubjectService {
    var holdEndpoints: [Endpoint] {
        [
            Endpoint(
                .post,
                "/v1/subjects/{id}/holds",
                body: .json,
                repetition: .keyed,
                authorize: Policy.authorize(.subjectHold),
                handler: placeHold
            ),
            Endpoint(.get, "/v1/subjects/{id}/holds", authorize: Policy.authorize(.subjectHold), handler: listHolds),
            Endpoint(
                .post,
                "/v1/subjects/{id}/holds/{hold}/release",
                body: .json,
                repetition: .keyed,
                authorize: Policy.authorize(.subjectHold),
                handler: releaseHold
            ),
        ]
    }

    private func placeHold(_ call: Call) async throws -> Reply {
        let id = try call.subject()
        var reader = try ObjectReader(call.json)
        let reason = reader.reason()
        let basis = reader.line("legal_basis", length: SubjectLimits.legalBasis)
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard let reason, let basis else { throw Failure(.invalidRequest) }
        return try await database.writeRetrying { tx in
            try call.once(in: tx) {
                try vault.refuseNaming(tx, id, in: [("/reason", reason), ("/legal_basis", basis)])
                let hold = try SubjectHolds.place(tx, on: id, reason: reason, legalBasis: basis, from: Origin(call))
                return .json(hold.json, status: .created)
            }
        }
    }

    /// Few, and so without pages: each is placed by hand.
    private func listHolds(_ call: Call) async throws -> Reply {
        let id = try call.subject()
        return try await database.read { tx in
            _ = try SubjectStore.get(tx, id)
            return .json(["data": .array(try SubjectHoldStore.all(tx, of: id).map(\.json))])
        }
    }

    private func releaseHold(_ call: Call) async throws -> Reply {
        let (id, reason) = (try call.subject(), try call.onlyReason())
        guard let hold = SubjectHoldID(try call.parameter("hold")) else { throw Failure(.notFound) }
        return try await database.writeRetrying { tx in
            try call.once(in: tx) {
                try vault.refuseNaming(tx, id, in: [("/reason", reason)])
                return .json(try SubjectHolds.release(tx, hold, of: id, reason: reason, from: Origin(call)).json)
            }
        }
    }
}
