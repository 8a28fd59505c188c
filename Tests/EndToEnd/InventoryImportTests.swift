import Core
import Listings
import Logging
import Storage
import Support
import Testing

/// A dealer's stock list over HTTP.
@Suite struct InventoryImportTests {
    static let header = "车架号,品牌,车系,车型,上牌日期,表显里程(万公里),报价(万元),燃料类型,所在城市,收购价(万元)"
    static let vins = [
        "LFV2A21K8G4012345", "LSVAU2187N2123456", "LFV2A21K0G4012345", "LSVDEM331MD000021", "LS5DEM020KD386357",
    ].filter { (try? VIN(parsing: $0)) != nil }

    static func row(_ vin: String, energy: String = "汽油", price: String = "8.88") -> String {
        "\(vin),大众,朗逸,2021款 1.5L 自动舒适版,2021-05,4.5,\(price),\(energy),浙江省杭州市,7"
    }

    struct Dealership {
        let house: House
        let key: String

        func send(
            _ body: [UInt8],
            _ query: String,
            type: String = "text/csv",
            headers: HTTPClient.Headers = []
        ) async throws -> House.Answer {
            let all = [("Authorization", "Bearer \(key)"), ("Content-Type", type)] + headers
            return House.Answer(
                try await house.client.send("POST", "/v1/imports?\(query)", headers: all, body: body)
            )
        }

        /// Sent, and gone through.
        func done(_ text: String, _ query: String, type: String = "text/csv") async throws -> JSON {
            let answer = try await send(Array(text.utf8), query, type: type)
            #expect(answer.status == 202, "\(answer.http.text)")
            try await drain()
            let path = try #require(answer.http.header("Location"))
            return try await house.get(path, as: key).json
        }

        func drain() async throws {
            let database = house.store.database
            let lease = try #require(
                try await database.write { try Lease.acquire($0, ImportWorker.leaseName, holder: "test") }
            )
            let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
            try await ImportWorker(database: database, logger: logger).drain(under: lease)
            try await database.write { try lease.release($0) }
        }

        func counts(_ json: JSON) -> String {
            ["rows_total", "valid", "created", "updated", "unchanged", "failed"]
                .map { "\(json["counts"]?[$0]?.integerValue ?? -1)" }.joined(separator: " ")
        }

        func rows(_ json: JSON, _ status: String) async throws -> [JSON] {
            let path = try #require(json["links"]?["rows"]?.stringValue)
            return try await house.get("\(path)?status=\(status)", as: key).json["data"]?.arrayValue ?? []
        }
    }

    private func dealership() async throws -> Dealership {
        let house = try await House.open()
        return Dealership(house: house, key: try await house.dealer().key)
    }

    @Test func `good rows are in, bad ones come back as a file that can be mended and sent again`() async throws {
        let dealer = try await dealership()
        let file = [
            Self.header, Self.row(Self.vins[0]), Self.row(Self.vins[1], energy: "核动力", price: "面议"),
            Self.row(Self.vins[2], energy: "=1+1"), Self.row("TOO-SHORT"),
        ].joined(separator: "\r\n")
        let imported = try await dealer.done(file, "mode=skip_bad")
        #expect(imported["state"] == "completed", "\(imported)")
        #expect(dealer.counts(imported) == "4 0 1 0 0 3")
        #expect(imported["columns"]?["unread"]?.arrayValue?.first?["heading"] == "收购价(万元)")
        let failed = try await dealer.rows(imported, "failed")
        #expect(failed.map { $0["line"] } == [3, 4, 5])
        #expect(
            failed.map { ($0["errors"]?.arrayValue ?? []).compactMap { $0["code"]?.stringValue } } == [
                ["not_a_number", "unknown_energy"], ["unknown_energy"], ["length"],
            ]
        )
        #expect(failed[1]["errors"]?.arrayValue?.first?["heading"] == "燃料类型")
        let listing = try #require(try await dealer.rows(imported, "created").first?["listing"]?.stringValue)
        let draft = try await dealer.house.get("/v1/listings/\(listing)", as: dealer.key)
        #expect(draft.json["title"] == "大众 朗逸 2021款 1.5L 自动舒适版")
        #expect(draft.json["price"] == ["kind": "asking", "amount": 8_880_000, "currency": "CNY"])
        #expect(draft.json["location"] == ["province": "CN-ZJ", "city": "杭州"])

        let links = imported["links"]
        let path = try #require(links?["failed_rows"]?.stringValue)
        let bad = try await dealer.house.get(path, as: dealer.key)
        #expect(bad.http.header("Content-Type") == "text/csv; charset=utf-8")
        #expect(bad.http.body.starts(with: [0xEF, 0xBB, 0xBF]))
        let lines = bad.http.text.split(separator: "\r\n")
        #expect(lines.count == 4)
        #expect(lines[0].hasSuffix("收购价(万元),原行号,错误说明"))
        #expect(lines[2].contains("'=1+1"))
        #expect(lines[2].contains(",4,“燃料类型”："))
        let mended = bad.http.text.replacing("核动力", with: "纯电动").replacing("面议", with: "9.1")
            .replacing("'=1+1", with: "汽油")
        let again = try await dealer.done(mended, "mode=skip_bad")
        #expect(dealer.counts(again) == "3 0 2 0 0 1")
        let rest = try await dealer.house.get(
            try #require(again["links"]?["failed_rows"]?.stringValue),
            as: dealer.key,
            headers: [("Accept-Language", "en")]
        )
        let left = rest.http.text.split(separator: "\r\n")
        #expect(left.count == 2)
        #expect(left[0].hasSuffix("收购价(万元),原行号,错误说明"))
        #expect(left[1].contains("TOO-SHORT") && left[1].contains("VIN") && left[1].hasPrefix("TOO"))
    }

    @Test func `a file in GB 18030 is read, also where nothing says so`() async throws {
        let dealer = try await dealership()
        // 车架号,品牌,报价(万),里程(km) and 大众, as any other program writes them.
        let header: [UInt8] =
            [0xB3, 0xB5, 0xBC, 0xDC, 0xBA, 0xC5, 0x2C, 0xC6, 0xB7, 0xC5, 0xC6, 0x2C]
            + [0xB1, 0xA8, 0xBC, 0xDB, 0x28, 0xCD, 0xF2, 0x29, 0x2C, 0xC0, 0xEF, 0xB3, 0xCC] + Array("(km)\n".utf8)
        let file = header + Array("\(Self.vins[0]),".utf8) + [0xB4, 0xF3, 0xD6, 0xDA] + Array(",8.88,45000\n".utf8)
        for (query, type) in [
            ("mode=validate", "text/csv"), ("mode=validate&encoding=gbk", "text/csv"),
            ("mode=validate", "text/csv; charset=gb18030"),
        ] {
            let answer = try await dealer.send(file, query, type: type)
            #expect(answer.status == 202, "\(answer.http.text)")
            #expect(answer.json["encoding"] == "gb18030")
            #expect(answer.json["columns"]?["read"]?.arrayValue?.first?["heading"] == "车架号")
        }
        try await dealer.drain()
        let latest = try await dealer.house.get("/v1/imports", as: dealer.key).json["data"]?.arrayValue ?? []
        #expect(latest.map(dealer.counts) == Array(repeating: "1 1 0 0 0 0", count: 3))
    }

    @Test func `all or nothing, and only looking, write nothing where a row is bad`() async throws {
        let dealer = try await dealership()
        let bad = [Self.header, Self.row(Self.vins[0]), Self.row(Self.vins[1], price: "")].joined(separator: "\n")
        for (mode, state) in [("validate", "completed"), ("all_or_nothing", "failed")] {
            let imported = try await dealer.done(bad, "mode=\(mode)")
            #expect(imported["state"] == JSON(state))
            #expect(dealer.counts(imported) == "2 1 0 0 0 1")
        }
        let good = [Self.header, Self.row(Self.vins[0]), Self.row(Self.vins[1])].joined(separator: "\n")
        let all = try await dealer.done(good, "mode=all_or_nothing")
        #expect(dealer.counts(all) == "2 0 2 0 0 0")
    }

    @Test func `lines of JSON go in as they would one by one, and come back as they were`() async throws {
        let dealer = try await dealership()
        let lines = [
            ListingTests.draft().bytes, Array("{}".utf8), Array("not json".utf8),
            ListingTests.draft(Self.vins[1]).bytes.dropLast() + Array(",\"x\":1}".utf8),
        ].map { String(decoding: $0, as: UTF8.self) }
        let file = lines.joined(separator: "\n")
        let imported = try await dealer.done(file, "mode=skip_bad", type: "application/x-ndjson")
        #expect(dealer.counts(imported) == "4 0 1 0 0 3")
        let codes = try await dealer.rows(imported, "failed").map { $0["errors"]?.arrayValue?.first?["code"] }
        #expect(codes == ["required", "json_syntax", "unknown_member"])
        let path = try #require(imported["links"]?["failed_rows"]?.stringValue)
        let bad = try await dealer.house.get(path, as: dealer.key)
        #expect(bad.http.text == lines.dropFirst().joined(separator: "\n") + "\n")
        let asTable = try await dealer.house.get(path, as: dealer.key, headers: [("Accept", "text/csv")])
        #expect(asTable.status == 406)
    }

    @Test func `what is on offer keeps to the rules, and what is reserved stays`() async throws {
        let dealer = try await dealership()
        let workshop = try await dealer.house.workshop()
        _ = try await dealer.house.reading(44_000, ref: "r1", as: workshop.key)
        let created = try await dealer.house.post("/v1/listings", ListingTests.draft(), as: dealer.key)
        let id = try #require(created.json["id"]?.stringValue)
        func step(_ name: String) async throws {
            let tag = try #require(try await dealer.house.get("/v1/listings/\(id)", as: dealer.key).http.header("ETag"))
            let path = "/v1/listings/\(id)/\(name)"
            let answer = try await dealer.house.post(path, [:], as: dealer.key, headers: [("If-Match", tag)])
            #expect(answer.status == 200, "\(answer.http.text)")
        }
        try await step("publish")
        let lower = "VIN,里程(公里),售价(元)\n\(House.vin),43000,88000\n"
        let refused = try await dealer.done(lower, "mode=skip_bad")
        let fault = try await dealer.rows(refused, "failed").first?["errors"]?.arrayValue?.first
        #expect(fault?["code"] == "contradicts_history" && fault?["column"] == 2)
        let looked = try await dealer.done(lower, "mode=validate")
        #expect(dealer.counts(looked) == "1 0 0 0 0 1")
        let cheaper = try await dealer.done("VIN,里程(公里),售价(元)\n\(House.vin),45000,85000\n", "mode=skip_bad")
        #expect(dealer.counts(cheaper) == "1 0 0 1 0 0")
        let shown = try await dealer.house.get("/v1/listings/\(id)")
        #expect(shown.json["price"]?["amount"] == 8_500_000)
        #expect(shown.json["title"] == "2021 款 秦 PLUS")
        #expect(shown.json["disclosures"]?["flood"]?["answer"] == "no")
        try await step("reserve")
        let reserved = "VIN,里程(公里),售价(元)\n\(House.vin),45000,85000\n"
        #expect(dealer.counts(try await dealer.done(reserved, "mode=skip_bad")) == "1 0 0 0 1 0")
        let late = try await dealer.done("VIN,售价(元)\n\(House.vin),84000\n", "mode=skip_bad")
        #expect(try await dealer.rows(late, "failed").first?["errors"]?.arrayValue?.first?["code"] == "listing_state")
    }

    @Test func `a file is taken once, however often it is sent`() async throws {
        let dealer = try await dealership()
        let file = Array([Self.header, Self.row(Self.vins[0])].joined(separator: "\n").utf8)
        let key: HTTPClient.Headers = [("Idempotency-Key", "night-1")]
        let first = try await dealer.send(file, "mode=skip_bad", headers: key)
        let second = try await dealer.send(file, "mode=skip_bad", headers: key)
        #expect(second.http.body == first.http.body)
        #expect(second.http.header("Idempotency-Replayed") == "true")
        let other = try await dealer.send(file + [0x0A, 0x0A], "mode=skip_bad", headers: key)
        #expect(other.code == "idempotency_key_reused")
        let list = try await dealer.house.get("/v1/imports", as: dealer.key)
        #expect(list.json["data"]?.arrayValue?.count == 1)
    }

    @Test func `progress comes as events, and the last one ends them`() async throws {
        let dealer = try await dealership()
        let file = Array([Self.header, Self.row(Self.vins[0])].joined(separator: "\n").utf8)
        let sent = try await dealer.send(file, "mode=skip_bad")
        let path = try #require(sent.json["links"]?["events"]?.stringValue)
        let socket = try await dealer.house.server.connect()
        await socket.send("GET \(path) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(dealer.key)\r\n\r\n")
        let begun = try await socket.read { $0.contains("event: progress") }
        #expect(begun.contains("Content-Type: text/event-stream\r\n"))
        #expect(begun.contains("retry: 3000\n\n"))
        try await dealer.drain()
        let all = try await socket.read { $0.contains("event: finished") && $0.hasSuffix("0\r\n\r\n") }
        #expect(all.ranges(of: "event: finished").count == 1)
        let place = try #require(all.ranges(of: "id: ").last)
        let last = all[place.upperBound...].prefix(while: \.isNumber)
        let back = try await dealer.house.get(path, as: dealer.key, headers: [("Last-Event-ID", "1")])
        #expect(back.status == 200 && back.http.text.contains("event: finished"))
        let over = try await dealer.house.get(path, as: dealer.key, headers: [("Last-Event-ID", String(last))])
        #expect(over.status == 204)
    }

    @Test func `an organisation has so many streams and no more`() async throws {
        let dealer = try await dealership()
        let file = Array([Self.header, Self.row(Self.vins[0])].joined(separator: "\n").utf8)
        let sent = try await dealer.send(file, "mode=skip_bad")
        let path = try #require(sent.json["links"]?["events"]?.stringValue)
        var sockets: [RawSocket] = []
        for _ in 0..<4 {
            let socket = try await dealer.house.server.connect()
            await socket.send("GET \(path) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(dealer.key)\r\n\r\n")
            _ = try await socket.read { $0.contains("event: progress") }
            sockets.append(socket)
        }
        let refused = try await dealer.house.get(path, as: dealer.key)
        #expect(refused.code == "too_many_streams")
        #expect(refused.http.header("Retry-After") != nil)
        // HEAD counts no events: it would wait for as long as the import takes.
        let head = try await dealer.house.client.send(
            "HEAD",
            path,
            headers: [("Authorization", "Bearer \(dealer.house.administrator)")]
        )
        #expect(head.status == 200)
        try await dealer.drain()
        for socket in sockets { _ = try await socket.read { $0.contains("event: finished") } }
    }

    @Test func `a saved mapping reads what nobody else would`() async throws {
        let dealer = try await dealership()
        let columns: JSON = [
            ["heading": "批发价", "field": "price", "unit": "wan_yuan"],
            ["heading": "公里", "field": "odometer_km", "unit": "km"],
            ["heading": "备注", "field": .null],
        ]
        let saved = try await dealer.house.post(
            "/v1/import-mappings",
            ["name": "我的系统", "columns": columns],
            as: dealer.key
        )
        #expect(saved.status == 201, "\(saved.http.text)")
        let id = try #require(saved.json["id"]?.stringValue)
        let file = "VIN,品牌,批发价,公里,备注\n\(Self.vins[0]),大众,8.5,45000,x\n"
        let imported = try await dealer.done(file, "mode=skip_bad&mapping=\(id)")
        #expect(dealer.counts(imported) == "1 0 1 0 0 0")
        #expect(imported["columns"]?["unread"] == .array([]))
        let other = try await dealer.send(Array("VIN,品牌\nx,y\n".utf8), "mode=skip_bad&mapping=\(id)")
        #expect(other.code == "unmappable_header")
        let tag = try #require(saved.http.header("ETag"))
        let path = "/v1/import-mappings/\(id)"
        let deleted = try await dealer.house.client.send(
            "DELETE",
            path,
            headers: [("Authorization", "Bearer \(dealer.key)"), ("If-Match", tag)]
        )
        #expect(deleted.status == 204)
        #expect(try await dealer.house.get(path, as: dealer.key).status == 404)
        let unknown = try await dealer.send(Array(file.utf8), "mode=skip_bad&mapping=\(id)")
        #expect(unknown.code == "invalid_query")
    }

    @Test func `another's import and mapping answer like those that do not exist`() async throws {
        let dealer = try await dealership()
        let rival = try await dealer.house.member("dealer", "91330106MA2CX0108D")
        let file = [Self.header, Self.row(Self.vins[0])].joined(separator: "\n")
        let imported = try await dealer.done(file, "mode=skip_bad")
        let mapping = try await dealer.house.post(
            "/v1/import-mappings",
            ["name": "甲", "columns": [["heading": "a", "field": "make"]]],
            as: dealer.key
        )
        let ownID = try #require(imported["id"]?.stringValue)
        let nowhere = "imp_" + String(repeating: "0", count: 26)
        let pairs =
            ["", "/rows", "/failed-rows", "/events"].map { ("GET", "/v1/imports/", ownID, nowhere, $0) }
            + [("POST", "/v1/imports/", ownID, nowhere, "/cancel")]
            + ["GET", "DELETE"].map {
                ($0, "/v1/import-mappings/", mapping.json["id"]!.stringValue!, "map_" + nowhere.dropFirst(4), "")
            }
        for (method, path, theirs, nobodys, end) in pairs {
            var answers: [[String]] = []
            for id in [theirs, nobodys] {
                let answer = House.Answer(
                    try await dealer.house.client.send(
                        method,
                        "\(path)\(id)\(end)",
                        headers: [("Authorization", "Bearer \(rival.key)"), ("If-Match", "\"v1-00000000\"")]
                    )
                )
                #expect(answer.status == 404, "\(method) \(path)\(end): \(answer.http.text)")
                let request = answer.json["request_id"]?.stringValue ?? "-"
                answers.append([answer.http.text.replacing(request, with: "-")])
            }
            #expect(answers[0] == answers[1])
        }
        let stolen = try await dealer.house.client.send(
            "POST",
            "/v1/imports?mode=validate&mapping=\(mapping.json["id"]!.stringValue!)",
            headers: [("Authorization", "Bearer \(rival.key)"), ("Content-Type", "text/csv")],
            body: Array(file.utf8)
        )
        #expect(House.Answer(stolen).code == "invalid_query")
        #expect(try await dealer.house.get("/v1/imports", as: rival.key).json["data"] == .array([]))
    }
}
