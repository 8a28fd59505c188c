import Core
import Listings
import Logging
import Storage
import Support
import Testing

// The steps of a walk that concern stock lists.

extension Visit {
    private static let list = "VIN,make,odometer_km,price(元)\n\(vin),大众,45500,88800\nTOO-SHORT,大众,1,1\n"

    private func importer(_ name: String, _ uscc: String) async throws -> Member {
        let request: JSON = ["kind": "dealer", "name": JSON(name), "uscc": JSON(uscc)]
        let dealer = try await call("createOrganization", Request(key: administrator, json: request)).text("id")
        let key = Request(parameters: ["id": dealer], key: administrator, json: ["name": "库存系统"])
        return Member(id: dealer, key: try await call("createApiKey", key).text("secret"))
    }

    /// - Parameter workshop: has no stock.
    func imports(_ workshop: Member) async throws {
        let dealer = try await importer("安和二手车", "91110000802100433B")
        let rival = try await importer("城西车行", "91330106MA2CX0108D")
        let mapping = try await mappings(dealer, rival, workshop)
        let done = try await sending(dealer, workshop, mapping)
        try await refuseFiles(dealer)
        try await looking(done, dealer, rival, workshop)
        try await cancelling(done, dealer, rival, workshop)
        try await deletingMapping(mapping, dealer, rival, workshop)
        // The last step: it takes a month.
        server.store.clock.advance(seconds: ImportLimits.fileSeconds)
        try await refuse("getFailedRows", "import_file_deleted", Request(parameters: done, key: dealer.key))
    }

    // MARK: Mappings

    private func mapping(_ name: String) -> JSON {
        ["name": JSON(name), "columns": [["heading": "备注", "field": .null], ["heading": "价", "field": "price"]]]
    }

    private func mappings(_ dealer: Member, _ rival: Member, _ workshop: Member) async throws -> [String: String] {
        let id = "createImportMapping"
        var request = Request(key: dealer.key, headers: [("Idempotency-Key", "mapping-1")], json: mapping("甲"))
        let created = try await call(id, request)
        #expect(try await call(id, request).http.header("Idempotency-Replayed") == "true")
        request.json = mapping("乙")
        try await refuse(id, "idempotency_key_reused", request)
        request.headers = []
        request.json = mapping("甲")
        try await refuse(id, "import_mapping_exists", request)
        request.json = ["name": "丙", "columns": [["heading": "a", "field": "nowhere", "unit": "mile"], "b"]]
        try await refuse(id, "invalid_request", request)
        request.key = workshop.key
        try await refuse(id, "forbidden", request)
        request.key = rival.key
        for number in 0..<ImportLimits.mappings {
            request.json = mapping("\(number)")
            try await call(id, request)
        }
        request.json = mapping("101")
        try await refuse(id, "too_many_import_mappings", request)
        try await paging("listImportMappings", [:], rival.key)
        try await refuse("listImportMappings", "forbidden", Request(key: workshop.key))
        return ["id": try created.text("id")]
    }

    private func deletingMapping(
        _ mapping: [String: String],
        _ dealer: Member,
        _ rival: Member,
        _ workshop: Member
    ) async throws {
        let tag = try await call("getImportMapping", Request(parameters: mapping, key: dealer.key)).entityTag()
        let unchanged = Request(parameters: mapping, key: dealer.key, headers: [("If-None-Match", tag)])
        #expect(try await call("getImportMapping", unchanged).status == 304)
        for id in ["getImportMapping", "deleteImportMapping"] {
            let request = Request(parameters: mapping, key: rival.key, headers: [("If-Match", tag)])
            try await refuse(id, "not_found", request)
            try await refuse(id, "forbidden", Request(parameters: mapping, key: workshop.key))
        }
        var request = Request(parameters: mapping, key: dealer.key)
        try await refuse("deleteImportMapping", "precondition_required", request)
        request.headers = [("If-Match", "\"v0-00000000\"")]
        try await refuse("deleteImportMapping", "precondition_failed", request)
        request.headers = [("If-Match", tag)]
        try await call("deleteImportMapping", request)
        try await refuse("getImportMapping", "not_found", Request(parameters: mapping, key: dealer.key))
    }

    // MARK: Files

    private func drain() async throws {
        let database = server.store.database
        let lease = try #require(
            try await database.write { try Lease.acquire($0, ImportWorker.leaseName, holder: "visit") }
        )
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        try await ImportWorker(database: database, logger: logger).drain(under: lease)
        try await database.write { try lease.release($0) }
    }

    /// - Returns: an import of a table that is done.
    private func sending(
        _ dealer: Member,
        _ workshop: Member,
        _ mapping: [String: String]
    ) async throws -> [String: String] {
        let id = "createImport"
        var request = Request(query: "mode=skip_bad", key: dealer.key, headers: [("Idempotency-Key", "list-1")])
        request.bytes = Array(Visit.list.utf8)
        let sent = try await call(id, request)
        #expect(sent.status == 202)
        #expect(sent.http.header("Location") == "/v1/imports/\(try sent.text("id"))")
        #expect(try await call(id, request).http.header("Idempotency-Replayed") == "true")
        request.bytes = Array((Visit.list + "\n\n").utf8)
        try await refuse(id, "idempotency_key_reused", request)
        request.headers = []
        request.query = "mode=validate&mapping=\(mapping["id"] ?? "")"
        request.bytes = Array("VIN,价,备注\n\(Visit.vin),8万,x\n".utf8)
        try await call(id, request)
        request.key = workshop.key
        try await refuse(id, "forbidden", request)
        try await drain()
        return ["id": try sent.text("id")]
    }

    private func refuseFiles(_ dealer: Member) async throws {
        let id = "createImport"
        func refuse(_ code: String, _ text: String, lines: Bool = false, digest: String? = nil) async throws {
            var request = Request(query: "mode=validate", key: dealer.key)
            request.bytes = Array(text.utf8)
            request.headers = [("Content-Type", lines ? "application/x-ndjson" : "text/csv")]
            if let digest { request.headers.append(("Content-Digest", digest)) }
            try await self.refuse(id, code, request)
        }
        try await refuse("unreadable_table", "VIN,make\n")
        try await refuse("unreadable_table", "VIN,make\n\(Visit.vin),\"")
        try await refuse("unmappable_header", "make,model\na,b\n")
        try await refuse("unmappable_header", "VIN,vin\na,b\n")
        try await refuse("line_too_long", String(repeating: " ", count: (64 << 10) + 1), lines: true)
        try await refuse("payload_too_large", String(repeating: "{}\n", count: ImportLimits.rows + 1), lines: true)
        let wrong = "sha-256=:" + String(repeating: "A", count: 43) + "=:"
        try await refuse("digest_mismatch", Visit.list, digest: wrong)
        for query in ["", "mode=all", "mode=validate&encoding=latin1", "mode=validate&mapping=x"] {
            try await self.refuse(id, "invalid_query", Request(query: query, key: dealer.key, bytes: [0x41]))
        }
        let elsewhere = Request(query: "mode=validate", key: administrator, bytes: Array(Visit.list.utf8))
        try await self.refuse(id, "forbidden", elsewhere)
    }

    // MARK: Looking

    private func looking(
        _ done: [String: String],
        _ dealer: Member,
        _ rival: Member,
        _ workshop: Member
    ) async throws {
        let found = try await call("getImport", Request(parameters: done, key: dealer.key))
        #expect(found.json["state"] == "completed", "\(found.http.text)")
        #expect(found.json["counts"]?["created"] == 1 && found.json["counts"]?["failed"] == 1)
        try await call("getImport", Request(parameters: done, key: administrator))
        try await paging("listImports", [:], dealer.key)
        try await refuse("listImports", "forbidden", Request(key: workshop.key))
        try await paging("listImportRows", done, dealer.key)
        let failed = Request(parameters: done, query: "status=failed", key: dealer.key)
        #expect(try await call("listImportRows", failed).json["data"]?.arrayValue?.count == 1)
        let unknown = Request(parameters: done, query: "status=good", key: dealer.key)
        try await refuse("listImportRows", "invalid_query", unknown)
        try await call("getFailedRows", Request(parameters: done, key: dealer.key))
        let lines = Request(parameters: done, key: dealer.key, headers: [("Accept", "application/x-ndjson")])
        try await refuse("getFailedRows", "not_acceptable", lines)
        let events = try await call("watchImport", Request(parameters: done, key: dealer.key))
        let last = events.http.text.split(separator: "\n").first { $0.hasPrefix("id: ") }?.dropFirst(4) ?? ""
        let seen = Request(parameters: done, key: dealer.key, headers: [("Last-Event-ID", String(last))])
        #expect(try await call("watchImport", seen).status == 204)
        for id in ["getImport", "listImportRows", "getFailedRows", "watchImport"] {
            try await refuse(id, "not_found", Request(parameters: done, key: rival.key))
            try await refuse(id, "not_found", Request(parameters: anyParameters, key: dealer.key))
            try await refuse(id, "forbidden", Request(parameters: done, key: workshop.key))
        }
        let page = try await call("listImportRows", Request(parameters: done, query: "limit=1", key: dealer.key))
        let cursor = try page.text("next_cursor")
        let other = Request(parameters: done, query: "status=failed&cursor=\(cursor)", key: dealer.key)
        try await refuse("listImportRows", "cursor_mismatch", other)
    }

    private func cancelling(
        _ done: [String: String],
        _ dealer: Member,
        _ rival: Member,
        _ workshop: Member
    ) async throws {
        let id = "cancelImport"
        try await refuse(id, "import_finished", Request(parameters: done, key: dealer.key))
        try await refuse(id, "not_found", Request(parameters: done, key: rival.key))
        try await refuse(id, "forbidden", Request(parameters: done, key: workshop.key))
        var request = Request(
            query: "mode=skip_bad",
            key: dealer.key,
            headers: [("Content-Type", "application/x-ndjson")]
        )
        request.bytes = Array("{}\n".utf8)
        var waiting: [String: String] = [:]
        let other = ["id": try await call("createImport", request).text("id")]
        for _ in 1..<ImportLimits.unfinished { waiting = ["id": try await call("createImport", request).text("id")] }
        try await refuse("createImport", "too_many_imports", request)
        let cancelled = try await call(id, Request(parameters: waiting, key: dealer.key))
        #expect(cancelled.json["state"] == "cancelled")
        #expect(try await call(id, Request(parameters: waiting, key: dealer.key)).http.body == cancelled.http.body)
        try await drain()
        let bad = try await call("getFailedRows", Request(parameters: other, key: dealer.key))
        #expect(bad.http.header("Content-Type") == "application/x-ndjson" && bad.http.text == "{}\n")
    }
}
