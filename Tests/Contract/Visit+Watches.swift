import Core
import Jobs
import Logging
import Storage
import Support
import Testing
import Watches

@testable import chexin

// The steps of a walk that concern being told.

extension Visit {
    /// - Parameter workshop: may watch as everybody may, and has a key without the scope.
    func watches(_ workshop: Member) async throws {
        let receiver = try await Receiver.start { _, _ in .answer(204, body: "好") }
        let dealer = try await watcher("dealer", "诚安二手车", "91350100M000100Y43")
        let rival = try await watcher("insurer", "远方保险", "91440300708461136T")
        let watch = try await watching(receiver, dealer, workshop)
        try await changing(watch, dealer, rival, workshop)
        try await rotating(watch, dealer, rival, workshop)
        try await telling(watch, dealer, rival, workshop)
        try await streaming(watch, dealer, rival)
        try await deleting(watch, dealer, rival, workshop)
    }

    private func watcher(_ kind: String, _ name: String, _ uscc: String) async throws -> Member {
        let request: JSON = ["kind": JSON(kind), "name": JSON(name), "uscc": JSON(uscc)]
        let id = try await call("createOrganization", Request(key: administrator, json: request)).text("id")
        let draft: JSON = ["name": "通知", "scopes": ["organization:read", "watches:write"]]
        let key = Request(parameters: ["id": id], key: administrator, json: draft)
        return Member(id: id, key: try await call("createApiKey", key).text("secret"))
    }

    private func watching(
        _ receiver: Receiver,
        _ dealer: Member,
        _ workshop: Member
    ) async throws -> [String: String] {
        let id = "createWatch"
        var request = Request(key: dealer.key, headers: [("Idempotency-Key", "watch-1")])
        request.json = ["kind": "vehicle", "vin": JSON(Visit.vin), "url": JSON(receiver.url), "name": "理赔系统"]
        let made = try await call(id, request)
        #expect(made.status == 201)
        #expect(made.http.header("Location") == "/v1/watches/\(try made.text("id"))")
        #expect(try await call(id, request).http.header("Idempotency-Replayed") == "true")
        request.json = ["kind": "stock"]
        try await refuse(id, "idempotency_key_reused", request)
        request.headers = []
        try await call(id, request)
        request.json = ["kind": "notices", "types": ["webhook.disabled"]]
        try await call(id, request)
        request.json = ["kind": "vehicle", "url": "https://10.0.0.1:22/"]
        try await refuse(id, "invalid_request", request)
        request.key = workshop.key
        try await refuse(id, "forbidden", request)
        request.json = ["kind": "stock"]
        try await refuse(id, "forbidden", Request(key: administrator, json: request.json))
        request.key = dealer.key
        request.json = ["kind": "vehicle", "vin": "LSVAU2187N2123456"]
        for _ in 0..<WatchLimits.perVehicle { try await call(id, request) }
        try await refuse(id, "too_many_watches", request)
        try await paging("listWatches", [:], dealer.key)
        let other = ["name": "x", "scopes": ["events:write"]] as JSON
        let limited = Request(parameters: ["id": workshop.id], key: workshop.key, json: other)
        let weak = try await call("createApiKey", limited).text("secret")
        try await refuse("listWatches", "forbidden", Request(key: weak))
        return ["id": try made.text("id")]
    }

    private func changing(
        _ watch: [String: String],
        _ dealer: Member,
        _ rival: Member,
        _ workshop: Member
    ) async throws {
        let read = try await call("getWatch", Request(parameters: watch, key: dealer.key))
        let tag = try read.entityTag()
        let unchanged = Request(parameters: watch, key: dealer.key, headers: [("If-None-Match", tag)])
        #expect(try await call("getWatch", unchanged).status == 304)
        try await refuse("getWatch", "not_found", Request(parameters: watch, key: rival.key))
        try await refuse("getWatch", "not_found", Request(parameters: anyParameters, key: dealer.key))
        var request = Request(parameters: watch, key: dealer.key, json: ["state": "paused"])
        try await refuse("updateWatch", "precondition_required", request)
        request.headers = [("If-Match", "\"v0-00000000\"")]
        try await refuse("updateWatch", "precondition_failed", request)
        request.headers = [("If-Match", tag)]
        request.json = ["state": "gone"]
        try await refuse("updateWatch", "invalid_request", request)
        request.json = ["vin": JSON(Visit.vin)]
        try await refuse("updateWatch", "read_only_field", request)
        request.key = rival.key
        try await refuse("updateWatch", "not_found", request)
        request.key = workshop.key
        try await refuse("updateWatch", "forbidden", request)
        request.key = dealer.key
        request.json = ["state": "paused"]
        let paused = try await call("updateWatch", request)
        #expect(paused.json["state"] == "paused")
        request.headers = [("If-Match", try paused.entityTag())]
        request.json = ["state": "active", "name": .null]
        #expect(try await call("updateWatch", request).json["name"] == .null)
    }

    private func rotating(
        _ watch: [String: String],
        _ dealer: Member,
        _ rival: Member,
        _ workshop: Member
    ) async throws {
        let id = "rotateWatchSecret"
        var request = Request(parameters: watch, key: dealer.key, headers: [("Idempotency-Key", "rotate-1")], json: [:])
        let first = try await call(id, request)
        #expect(try await call(id, request).http.body == first.http.body)
        request.parameters = anyParameters
        request.headers = []
        try await refuse(id, "not_found", request)
        request.parameters = watch
        request.json = ["secret": "x"]
        try await refuse(id, "invalid_request", request)
        request.json = [:]
        request.key = rival.key
        try await refuse(id, "not_found", request)
        request.key = workshop.key
        try await refuse(id, "forbidden", request)
    }

    /// Appends, and does what the services of a running server do.
    private func append(_ number: Int) async throws {
        let event: JSON = [
            "kind": "odometer.read", "occurred_at": "2026-02-20T00:00:00.000Z", "ref": JSON("watched-\(number)"),
            "data": ["odometer_km": JSON(90_000 + number)],
        ]
        try await call("appendEvent", Request(parameters: vehicle, key: administrator, json: event))
        let database = server.store.database
        let lease = try #require(
            try await database.write { try Lease.acquire($0, WatchCollector.leaseName, holder: "visit") }
        )
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        try await WatchCollector(database: database, logger: logger).drain(under: lease)
        try await database.write { try lease.release($0) }
    }

    private func telling(
        _ watch: [String: String],
        _ dealer: Member,
        _ rival: Member,
        _ workshop: Member
    ) async throws {
        try await append(1)
        let waiting = try await call("listDeliveries", Request(parameters: watch, key: dealer.key))
        let first = try #require(waiting.json["data"]?.arrayValue?.first)
        #expect(first["state"] == "pending")
        let one = watch.merging(["delivery": first["id"]?.stringValue ?? ""]) { $1 }
        try await refuse("replayDelivery", "delivery_pending", Request(parameters: one, key: dealer.key))
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let handler = server.composition.watching.sender.handler
        try await JobWorker(database: server.store.database, handlers: [handler], logger: logger).drain()
        let sent = try await call("getDelivery", Request(parameters: one, key: dealer.key))
        #expect(sent.json["state"] == "delivered", "\(sent.http.text)")
        try await call("replayDelivery", Request(parameters: one, key: dealer.key))
        #expect(try await call("testWatch", Request(parameters: watch, key: dealer.key)).json["state"] == "delivered")
        try await paging("listDeliveries", watch, dealer.key)
        for id in ["listDeliveries", "getDelivery", "replayDelivery", "testWatch"] {
            try await refuse(id, "not_found", Request(parameters: one, key: rival.key))
            try await refuse(id, "not_found", Request(parameters: anyParameters, key: dealer.key))
        }
        let unknown = watch.merging(["delivery": anyParameters["delivery"] ?? ""]) { $1 }
        try await refuse("getDelivery", "not_found", Request(parameters: unknown, key: dealer.key))
        for id in ["replayDelivery", "testWatch"] {
            try await refuse(id, "forbidden", Request(parameters: one, key: workshop.key))
        }
        var request = Request(parameters: watch, key: dealer.key, json: ["url": .null])
        request.headers = [
            ("If-Match", try await call("getWatch", Request(parameters: watch, key: dealer.key)).entityTag())
        ]
        try await call("updateWatch", request)
        for id in ["replayDelivery", "testWatch"] {
            try await refuse(id, "watch_without_url", Request(parameters: one, key: dealer.key))
        }
    }

    private func streaming(_ watch: [String: String], _ dealer: Member, _ rival: Member) async throws {
        try await append(2)
        let hello = try await call("followWatch", Request(parameters: watch, key: dealer.key))
        #expect(hello.http.text.contains("event: watching\n"))
        let seen = Request(parameters: watch, key: dealer.key, headers: [("Last-Event-ID", "0")])
        let all = try await call("followWatch", seen)
        #expect(all.http.text.contains("event: vehicle.appended\n") && all.http.text.contains("event: webhook.test\n"))
        try await refuse("followWatch", "not_found", Request(parameters: watch, key: rival.key))
    }

    private func deleting(
        _ watch: [String: String],
        _ dealer: Member,
        _ rival: Member,
        _ workshop: Member
    ) async throws {
        let tag = try await call("getWatch", Request(parameters: watch, key: dealer.key)).entityTag()
        var request = Request(parameters: watch, key: dealer.key)
        try await refuse("deleteWatch", "precondition_required", request)
        request.headers = [("If-Match", "\"v0-00000000\"")]
        try await refuse("deleteWatch", "precondition_failed", request)
        request.headers = [("If-Match", tag)]
        request.key = rival.key
        try await refuse("deleteWatch", "not_found", request)
        request.key = workshop.key
        try await refuse("deleteWatch", "forbidden", request)
        request.key = dealer.key
        try await call("deleteWatch", request)
        try await refuse("getWatch", "not_found", Request(parameters: watch, key: dealer.key))
    }
}
