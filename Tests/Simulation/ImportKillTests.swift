import Core
import Foundation
import Support
import Testing

/// A stock list on its way into a real process that is killed in the middle.
///
/// The oracle: after the restart every row has come to what the file says, no car is there twice, and the memory of the
/// process does not grow with the file.
@Suite(.serialized) struct ImportKillTests {
    private static let isLong = ProcessInfo.processInfo.environment["CHEXIN_TEST_LONG"] != nil
    private static let rows = isLong ? 100_000 : 3_000
    private static let badRows = isLong ? 370 : 37
    /// What the process may have more at its peak than before the file came. The file of the long run has 8 MiB, and
    /// what is read of it would have ten times as much.
    private static let growthKiB = 64 << 10

    @Test(.timeLimit(.minutes(60)))
    func `a killed import is resumed, and every row counts once`() async throws {
        let directory = try TemporaryDirectory()
        let bootstrap = try await ServerProcess.run(["admin", "bootstrap"], directory)
        let administrator = try #require(try JSONParser.parse(bootstrap.output)["api_key"]?.stringValue)
        var server = try await start(directory)
        let key = try await dealer(server, administrator)
        let file = stockList()
        let before = try server.residentKiB()
        let begun = ContinuousClock.now
        let path = try await send(file, to: server, key)
        let sent = ContinuousClock.now
        var peak = try server.residentKiB() - before
        peak = max(peak, try await wait(server, path, key, from: before) { $0 >= ImportKillTests.rows / 2 })
        await server.kill()
        server = try await start(directory)
        let restarted = try server.residentKiB()
        peak = max(peak, try await wait(server, path, key, from: restarted) { $0 == ImportKillTests.rows })
        try await check(server, path, key)
        print(
            "import of \(ImportKillTests.rows) rows in \(file.count) bytes: sent in \(sent - begun), "
                + "done in \(ContinuousClock.now - sent) with a kill in between, \(peak) KiB more at most"
        )
        if ImportKillTests.isLong { #expect(peak < ImportKillTests.growthKiB) }
        #expect(await server.stop() == 0)
    }

    private func start(_ directory: TemporaryDirectory) async throws -> ServerProcess {
        let server = try ServerProcess(directory: directory, port: try freePort())
        try await server.waitUntilReady()
        return server
    }

    // MARK: The file

    private func stockList() -> [UInt8] {
        var file = Array("车架号,品牌,车系,车型,表显里程(公里),报价(元),燃料类型,所在城市\n".utf8)
        let step = ImportKillTests.rows / ImportKillTests.badRows
        for number in 0..<ImportKillTests.rows {
            let isBad = number % step == 0 && number / step < ImportKillTests.badRows
            let energy = isBad ? "核动力" : "汽油"
            let row = "\(stockVIN(number)),大众,朗逸,2021款 1.5L 自动舒适版,\(10_000 + number),88800,\(energy),浙江省杭州市\n"
            file += Array(row.utf8)
        }
        return file
    }

    private func stockVIN(_ number: Int) -> String {
        let serial = String(10_000_000 + number).dropFirst()
        let open = "LFV2A21K0G" + serial
        for digit in "0123456789X" {
            let text = open.prefix(8) + String(digit) + open.dropFirst(9)
            if (try? VIN(parsing: String(text))) != nil { return String(text) }
        }
        return open
    }

    // MARK: The server

    private func request(
        _ server: ServerProcess,
        _ method: String,
        _ path: String,
        _ key: String,
        type: String = "application/json",
        _ body: [UInt8]? = nil
    ) async throws -> (http: HTTPAnswer, json: JSON) {
        let answer = try await HTTPClient(port: server.port).send(
            method,
            path,
            headers: [("Authorization", "Bearer \(key)")] + (body == nil ? [] : [("Content-Type", type)]),
            body: body
        )
        return (answer, (try? JSONParser.parse(answer.body)) ?? .null)
    }

    private func dealer(_ server: ServerProcess, _ administrator: String) async throws -> String {
        let kind: JSON = ["kind": "dealer", "name": "车行", "uscc": "91110108551385082Q"]
        let organization = try await request(server, "POST", "/v1/organizations", administrator, kind.bytes)
        let id = try #require(organization.json["id"]?.stringValue, "\(organization.http.text)")
        let name: JSON = ["name": "库存系统"]
        let key = try await request(server, "POST", "/v1/organizations/\(id)/api-keys", administrator, name.bytes)
        return try #require(key.json["secret"]?.stringValue)
    }

    private func send(_ file: [UInt8], to server: ServerProcess, _ key: String) async throws -> String {
        let answer = try await request(server, "POST", "/v1/imports?mode=skip_bad", key, type: "text/csv", file)
        #expect(answer.http.status == 202, "\(answer.http.text)")
        return try #require(answer.http.header("Location"))
    }

    /// - Returns: how much more memory the process had at most than before.
    private func wait(
        _ server: ServerProcess,
        _ path: String,
        _ key: String,
        from before: Int,
        until isEnough: (Int64) -> Bool
    ) async throws -> Int {
        var peak = 0
        while true {
            let json = try await request(server, "GET", path, key).json
            peak = max(peak, try server.residentKiB() - before)
            let counts = json["counts"]
            if isEnough(counts?["rows_read"]?.integerValue ?? 0) || json["state"] == "completed" { return peak }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    private func check(_ server: ServerProcess, _ path: String, _ key: String) async throws {
        var json = try await request(server, "GET", path, key).json
        while json["state"] == "applying" { json = try await request(server, "GET", path, key).json }
        let good = ImportKillTests.rows - ImportKillTests.badRows
        #expect(json["state"] == "completed")
        #expect(json["counts"]?["created"] == JSON(good))
        #expect(json["counts"]?["failed"] == JSON(ImportKillTests.badRows))
        #expect(json["counts"]?["updated"] == 0 && json["counts"]?["unchanged"] == 0)
        let failed = try await request(server, "GET", "\(path)/failed-rows", key).http
        #expect(failed.body.split(separator: 0x0A).count == ImportKillTests.badRows + 1)
        let dealer = try #require(json["dealer"]?.stringValue)
        var vins: Set<String> = []
        var listings = 0
        var page = "/v1/organizations/\(dealer)/listings?limit=100"
        while true {
            let answer = try await request(server, "GET", page, key).json
            let data = answer["data"]?.arrayValue ?? []
            listings += data.count
            vins.formUnion(data.compactMap { $0["vin"]?.stringValue })
            guard let cursor = answer["next_cursor"]?.stringValue else { break }
            page = "/v1/organizations/\(dealer)/listings?limit=100&cursor=\(cursor)"
        }
        #expect(listings == good)
        #expect(vins.count == good)
    }
}

extension ServerProcess {
    /// The memory that the process has in use, as the kernel counts it.
    func residentKiB() throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(processIdentifier)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        return Int(line.filter(\.isNumber)) ?? 0
    }
}
