import Core
import HTTPTypes
import Identity
import Storage
import Web

extension WarrantyService {
    var entitlementEndpoints: [Endpoint] {
        [
            Endpoint(
                .get,
                "/v1/warranties/{id}/entitlements",
                authorize: Policy.authorize(.warrantyRead),
                handler: entitlements
            ),
            Endpoint(
                .post,
                "/v1/warranties/{id}/entitlements/{kind}/redeem",
                body: .json,
                repetition: .keyed,
                authorize: Policy.authorize(.entitlementRedeem),
                handler: redeem
            ),
            Endpoint(
                .post,
                "/v1/warranties/{id}/entitlements/{kind}/reverse",
                body: .json,
                repetition: .keyed,
                authorize: Policy.authorize(.entitlementRedeem),
                handler: reverse
            ),
        ]
    }

    private func entitlements(_ call: Call) async throws -> Reply {
        let id = try call.warranty()
        return try await database.read { tx in
            let warranty = try warranties.get(tx, id) { Policy.attends(call.principal, to: $0.dealer.text) }
            let uses = try RedemptionStore.all(tx, of: id)
            let json: JSON = [
                "data": .array(
                    warranty.terms.grants.map { grant in
                        grant.json(uses.filter { $0.kind == grant.kind }, on: tx.now.dateInChina)
                    }
                )
            ]
            return Reply.json(json).withETag(Identity.entityTag(version: warranty.version, json))
        }
    }

    private func redeem(_ call: Call) async throws -> Reply {
        var reader = try ObjectReader(call.json)
        let place = reader.line("place", length: WarrantyLimits.placeCharacters)
        let odometer = reader.odometer("odometer_km", required: false)
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard let place else { throw Failure(.invalidRequest) }
        return try await use(call) { tx, kind, warranty in
            let km = odometer?.kilometres
            return try warranties.redeem(tx, kind, of: warranty, place: place, odometerKm: km, from: Origin(call))
        }
    }

    private func reverse(_ call: Call) async throws -> Reply {
        var reader = try ObjectReader(call.json)
        let number = reader.integer("number", in: WarrantyLimits.redemptionNumber)
        let reason = reader.line("reason", length: WarrantyLimits.reasonCharacters)
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard let number, let reason else { throw Failure(.invalidRequest) }
        return try await use(call) { tx, kind, warranty in
            try warranties.reverse(tx, kind, number: number, of: warranty, reason: reason, from: Origin(call))
        }
    }

    private func use(
        _ call: Call,
        _ step: @escaping @Sendable (any Transaction, String, StoredWarranty) throws -> [Redemption]
    ) async throws -> Reply {
        let id = try call.warranty()
        let kind = try call.parameter("kind")
        return try await database.writeRetrying { tx in
            try call.once(in: tx) {
                let warranty = try warranties.get(tx, id) { Policy.owns(call.principal, $0.dealer.text) }
                let uses = try step(tx, kind, warranty)
                return .json(try warranties.grant(kind, of: warranty).json(uses, on: tx.now.dateInChina))
            }
        }
    }
}
