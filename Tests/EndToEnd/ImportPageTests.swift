import Core
import Listings
import Logging
import Storage
import Support
import Testing

/// A stock list that is sent from a browser.
@Suite struct ImportPageTests {
    private func shop() async throws -> (house: House, browser: Browser) {
        let house = try await House.open()
        let dealer = try await house.dealer()
        let (browser, _) = try await house.browser(dealer.id, as: "zhang@example.com", scopes: PageTests.manager)
        return (house, browser)
    }

    private func drain(_ house: House) async throws {
        let database = house.store.database
        let lease = try #require(
            try await database.write { try Lease.acquire($0, ImportWorker.leaseName, holder: "test") }
        )
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        try await ImportWorker(database: database, logger: logger).drain(under: lease)
        try await database.write { try lease.release($0) }
    }

    private static let file = Array(
        [
            InventoryImportTests.header, InventoryImportTests.row(InventoryImportTests.vins[0]),
            InventoryImportTests.row(InventoryImportTests.vins[1], energy: "核动力", price: "面议"),
        ].joined(separator: "\r\n").utf8
    )

    @Test func `a file is sent, gone through, and its bad rows come back`() async throws {
        let (house, browser) = try await shop()
        #expect(try await browser.get("/dealer/imports").text.contains("multipart/form-data"))
        let sent = try await browser.upload("/dealer/imports", [("mode", "skip_bad")], file: ("库存.csv", Self.file))
        #expect(sent.status == 303, "\(sent.text)")
        let path = try #require(sent.header("Location"))
        let waiting = try await browser.get(path)
        #expect(waiting.text.contains("data-events=\"\(path)/events\""))
        #expect(waiting.text.contains("<noscript><meta http-equiv=\"refresh\" content=\"3\"></noscript>"))
        try await drain(house)
        let done = try await browser.get(path)
        #expect(done.text.contains("写入 1 辆"))
        #expect(done.text.contains("下载有问题的 1 行"))
        #expect(done.text.contains("第 3 行"))
        #expect(!done.text.contains("data-events"))
        let everyRow = try await browser.get("\(path)?status=all")
        #expect(everyRow.text.contains("查看车源"))
        let failed = try await browser.get("\(path)/failed-rows")
        #expect(failed.header("Content-Disposition")?.hasPrefix("attachment") == true)
        #expect(failed.text.contains("核动力"))
        #expect(try await browser.get("/dealer").text.contains("共 1 辆"))
        let events = try await browser.get("\(path)/events")
        #expect(events.header("Content-Type") == "text/event-stream")
        #expect(events.text.contains("event: finished"))
        let over = try await browser.post("\(path)/cancel")
        #expect(over.status == 409)
        #expect(over.text.contains("导入已结束"))
    }

    @Test func `what cannot be imported is refused where it was sent`() async throws {
        let (_, browser) = try await shop()
        let table: [(mode: [(String, String)], name: String, bytes: [UInt8], words: String)] = [
            ([("mode", "validate")], "", [], "请选择文件"),
            ([("mode", "validate")], "库存.xlsx", [0x50, 0x4B], "另存为"),
            ([("mode", "validate")], "a.csv", Array("名称,数量\r\n甲,1".utf8), "车架号"),
            ([("mode", "nonsense")], "a.csv", Self.file, "只能是"),
            ([("mode", "validate"), ("extra", "1")], "a.csv", Self.file, "未知的参数"),
            ([("mode", "validate"), ("mode", "skip_bad")], "a.csv", Self.file, "重复"),
        ]
        for (fields, name, bytes, words) in table {
            let refused = try await browser.upload("/dealer/imports", fields, file: (name, bytes))
            #expect((400..<500).contains(refused.status), "\(words): \(refused.status)")
            #expect(refused.text.contains(words), "\(words): \(refused.text)")
            #expect(refused.text.contains("role=\"alert\""))
        }
        #expect(try await browser.get("/dealer/imports").text.contains("还没有导入过文件"))
    }

    @Test func `another dealer's import is not there`() async throws {
        let (house, browser) = try await shop()
        let sent = try await browser.upload("/dealer/imports", [("mode", "validate")], file: ("a.csv", Self.file))
        let path = try #require(sent.header("Location"))
        let other = try await house.member("dealer", "91330106MA2CX0108D")
        let (stranger, _) = try await house.browser(other.id, as: "wang@example.com", scopes: PageTests.manager)
        for suffix in ["", "/failed-rows", "/events"] {
            let theirs = try await stranger.get(path + suffix)
            let nobodys = try await stranger.get("/dealer/imports/imp_" + String(repeating: "0", count: 26) + suffix)
            #expect(theirs.status == 404)
            #expect(theirs.body == nobodys.body)
        }
        #expect(try await stranger.post("\(path)/cancel").status == 404)
        #expect(try await browser.post("\(path)/cancel").header("Location") == path)
        #expect(try await browser.get(path).text.contains("已取消"))
    }
}
