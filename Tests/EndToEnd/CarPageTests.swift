import Core
import Cryptography
import Ledger
import Support
import Testing
import TransparencyLog

/// The page behind the code, in a real browser: what it shows, and what it says of whoever meddles.
@Suite(.enabled(if: Chromium.program != nil)) struct CarPageTests {
    @Test func `an honest car verifies on the buyer's own device`() async throws {
        let car = try await CarPageHouse.open()
        try await car.fill()
        let tab = try await car.seen()
        #expect(try await tab.failures() == "")
        #expect(try await tab.value("document.getElementById('checks').dataset.state") == "genuine")
        #expect(try await tab.text("#seal strong") == "真实、未改动且完整；部分内容已依法删除")
        #expect(try await tab.text("#seal p").contains("23 项全部在您的设备上重新计算"))
        #expect(try await tab.value("document.querySelectorAll('.event.is-passed').length") == "6")
        #expect(try await tab.text("[data-check=shown]").contains("逐条一致"))
    }

    @Test func `the page says what a buyer asks, worst first, and marks what was said later`() async throws {
        let car = try await CarPageHouse.open()
        try await car.fill()
        let tab = try await car.seen()
        #expect(try await tab.text("h1") == "大众 朗逸")
        #expect(try await tab.text("#count") == "8")
        #expect(try await tab.text("#last").contains("2024-06-01"))
        #expect(try await tab.text(".verdict.critical").contains("里程表被调低"))
        #expect(try await tab.text(".findings li").contains("85,000 公里"))
        let marks = "[...document.querySelectorAll('.event .badge')].map((mark) => mark.className).join()"
        #expect(try await tab.value(marks) == "badge late,badge erased,badge corrected")
        #expect(try await tab.text(".standing").contains("依法删除"))
        #expect(try await tab.text("desc").contains("2022-06-01 的 85,000 公里之后，2024-03-01 只有 61,000 公里"))
        #expect(try await tab.value("document.querySelectorAll('.chart .fall').length") == "1")
    }

    @Test func `what a dealer wrote stands there as text, and nothing of it runs`() async throws {
        let car = try await CarPageHouse.open()
        try await car.fill()
        let tab = try await car.seen()
        let body = try await tab.text("body")
        // Once in the sentence, once in the text that was hashed.
        #expect(body.ranges(of: CarPageHouse.hostile).count == 1)
        #expect(body.contains("onerror=alert(1)"))
        #expect(try await tab.value("document.querySelectorAll('.event img, .event script').length") == "0")
    }

    @Test(arguments: CarPageTests.meddling)
    func `whoever meddles with the proof is seen`(name: String, codes: String, words: String) async throws {
        let car = try await CarPageHouse.open()
        try await car.fill()
        let alteration = try #require(BundleAlteration.all.first { $0.name == name })
        car.proof.meddle { bytes in
            guard var bundle = try? ProofBundle(parsing: bytes) else { return bytes }
            alteration.alter(&bundle)
            return bundle.bytes
        }
        let tab = try await car.seen()
        let failures = try await tab.failures().split(separator: " ").map { String($0) }
        #expect(Set(codes.split(separator: " ").map { String($0) }).isSubset(of: failures), "\(failures)")
        #expect(try await tab.text("#seal strong").contains("不可信"))
        let checks = try await tab.text(".checks")
        #expect(checks.contains(words), "\(checks)")
        #expect(try await tab.value("document.getElementById('checks').dataset.state") == "refused")
    }

    static let meddling = [
        ("a reading in a payload", "chain_payload", "内容与记录中的摘要不符"),
        ("a day", "chain_link inclusion chain_signature shown", "没有接在前一条记录之后"),
        ("two entries swapped", "chain_sequence chain_link", "记录有缺失、重复或调换"),
        ("an entry left out", "chain_sequence chain_link completeness", "记录有缺失、重复或调换"),
        ("the newest hidden", "completeness", "记录不完整"),
        ("none left", "completeness", "记录不完整"),
        ("a hash of the inclusion proof too many", "inclusion", "有记录不在已签名的日志树中"),
        ("the size of the checkpoint", "checkpoint_signature", "检查点的签名无效"),
        ("the signature of the checkpoint", "checkpoint_signature", "检查点的签名无效"),
        ("the name under the checkpoint", "checkpoint_signature", "检查点没有已知日志公钥的签名"),
        ("the signature of the index", "index_signature", "车辆索引的签名无效"),
        ("the path in the index", "completeness", "记录不完整"),
        ("the VRF proof's scalar", "vehicle_key", "标识不属于这个车架号"),
        ("the source's key swapped", "chain_signature", "来源签名无效"),
        ("another VIN", "chain_vehicle vehicle_key shown", "这份证明属于另一辆车"),
    ]

    @Test(arguments: [
        ("2024-03-01</time>", "2024-04-01</time>", "日期显示为 2024-04-01"),
        ("61,000 公里</span>", "161,000 公里</span>", "里程显示为 161,000"),
        ("data-kind=\"odometer.read\"", "data-kind=\"scrapped\"", "事件种类与记录不符"),
        ("<span class=\"badge late\">事后补报</span>", "", "标记与记录不符"),
        ("<td class=\"figure\">85,000 公里</td>", "<td class=\"figure\">58,000 公里</td>", "里程图中 2022-06-01"),
        ("id=\"count\">8<", "id=\"count\">9<", "最新的 1 条记录已入链"),
        ("id=\"count\">8<", "id=\"count\">7<", "本页少了 1 条记录"),
        ("<span id=\"last\"><time>2024-06-01", "<span id=\"last\"><time>2026-06-01", "最近事件日期"),
    ])
    func `a page that shows something else than was recorded says so`(old: String, new: String, words: String)
        async throws
    {
        let car = try await CarPageHouse.open()
        try await car.fill()
        car.page.meddle { bytes in
            Array(String(decoding: bytes, as: UTF8.self).replacing(old, with: new, maxReplacements: 1).utf8)
        }
        let tab = try await car.seen()
        let line = try await tab.text("[data-check=shown]")
        #expect(line.contains(words), "\(line)")
        #expect(try await tab.value("document.getElementById('checks').dataset.state") == "refused")
        #expect(try await tab.text("#seal strong") != "真实、未改动且完整；部分内容已依法删除")
    }

    @Test func `without a script nothing is claimed to be verified`() async throws {
        let car = try await CarPageHouse.open()
        try await car.fill()
        let tab = try await Chromium.shared().tab(runsScripts: false)
        try await tab.go(car.url)
        #expect(try await tab.text("#seal strong") == "尚未核验")
        #expect(try await tab.text("#seal p").contains("本页的内容没有经过任何核验"))
        #expect(try await tab.text("#timeline").contains("61,000 公里"))
        #expect(try await tab.text(".checks") == "")
    }

    @Test func `a car without history is not called clean`() async throws {
        let car = try await CarPageHouse.open()
        try await car.house.log.catchUp()
        let tab = try await car.seen(language: "en")
        #expect(try await tab.failures() == "")
        #expect(try await tab.text("#seal strong") == "Verified: the log has no entry of this car")
        #expect(try await tab.text(".verdict").contains("does not mean that nothing is wrong"))
        #expect(try await tab.text("[data-check=completeness]").contains("there is none about this car"))
    }

    @Test func `entries that the log does not cover yet are neither hidden nor claimed`() async throws {
        let car = try await CarPageHouse.open()
        try await car.fill()
        let before = try await car.bundle().bytes
        try await car.read(90_000, "2025-01-01")
        car.proof.meddle { _ in before }
        let tab = try await car.seen()
        #expect(try await tab.failures() == "")
        #expect(try await tab.text("#seal strong").contains("最新的 1 条记录已入链"))
        #expect(try await tab.value("document.querySelectorAll('.event.is-waiting').length") == "1")
    }

    @Test func `where no proof comes the page stays unverified and can be asked again`() async throws {
        let car = try await CarPageHouse.open()
        try await car.fill()
        car.proof.meddle { _ in Array("{}".utf8) }
        let tab = try await car.seen()
        #expect(try await tab.failures() == "format")
        #expect(try await tab.text("#seal strong").contains("不可信"))
    }

    @Test func `a long history verifies whole`() async throws {
        let car = try await CarPageHouse.open()
        for number in 0..<210 {
            let year = 2006 + number / 12
            let month = number % 12 + 1
            try await car.read(1000 + 900 * number, "\(year)-\(month < 10 ? "0" : "")\(month)-15")
        }
        try await car.house.log.catchUp()
        let tab = try await car.seen()
        #expect(try await tab.failures() == "")
        #expect(try await tab.value("document.querySelectorAll('.event.is-passed').length") == "210")
    }
}

/// What comes over the network, without a browser.
@Suite struct CarPageTransportTests {
    @Test func `all that a phone loads is less than 100 KB, and all of it is ours`() async throws {
        let car = try await CarPageHouse.open()
        for number in 0..<30 {
            try await car.read(1000 + 2900 * number, "20\(10 + number / 2)-0\(number % 2 * 5 + 1)-15")
        }
        let page = try await car.house.client.send("GET", "/v/\(House.vin)")
        #expect(page.status == 200)
        let addresses = page.text.matches(of: /(?:src|href)="([^"]*)"/).map { String($0.output.1) }
        #expect(addresses.allSatisfy { $0.hasPrefix("/") || $0.hasPrefix("#") }, "\(addresses)")
        var count = page.body.count
        for address in addresses where address.hasPrefix("/assets/") {
            let asset = try await car.house.client.send("GET", address)
            #expect(asset.status == 200)
            if !address.hasSuffix(".svg") {
                #expect(!asset.text.contains("//"), "a remark or another site in \(address)")
            }
            count += asset.body.count
        }
        #expect(count < 100_000, "\(count) bytes")
        let policy = try #require(page.header("Content-Security-Policy"))
        #expect(policy.contains("default-src 'none'") && !policy.contains("unsafe"))
        #expect(!page.text.contains("<script>") && !page.text.contains(" style=") && !page.text.contains(" onload="))
        #expect(page.header("RateLimit-Policy")?.contains("verification") == true)
    }

    @Test func `the code leads to the page, and says nothing of the car`() async throws {
        let car = try await CarPageHouse.open()
        try await car.read(1000, "2024-01-01")
        let known = try await car.house.client.send("GET", "/v1/vehicles/\(House.vin)/qr.svg")
        let unknown = try await car.house.client.send("GET", "/v1/vehicles/\(House.otherVIN)/qr.svg")
        #expect(known.status == 200 && unknown.status == 200)
        #expect(known.text.contains("<title id=\"title\">http://localhost:8080/v/\(House.vin)</title>"))
        #expect(unknown.text.contains("/v/\(House.otherVIN)</title>"))
    }

    @Test func `a certificate has the newest hash, the state of the log and the keys' fingerprints`() async throws {
        let car = try await CarPageHouse.open()
        try await car.fill()
        let page = try await car.house.client.send(
            "GET",
            "/v/\(House.vin)/certificate",
            headers: [("Accept-Language", "en")]
        )
        let bundle = try await car.bundle()
        let head = SHA256.hash(bundle.entries[bundle.entries.count - 1].stored.envelope).hex
        #expect(page.text.replacing(" ", with: "").contains(head))
        let note = try SignedNote(parsing: Array(bundle.checkpoint.utf8))
        let root = try #require(Checkpoint(parsing: note.text)).root
        #expect(page.text.contains(Base64.encode(root.bytes)))
        let key = SHA256.hash(car.house.log.keys.verifierKeys[0].publicKey.bytes).hex
        #expect(page.text.replacing(" ", with: "").contains(key))
        #expect(page.text.contains("Certificate of a car's history"))
    }

    @Test func `a VIN that is none is refused with what is wrong with it`() async throws {
        let car = try await CarPageHouse.open()
        let page = try await car.house.client.send("GET", "/v/LSVAU2187N212345O")
        #expect(page.status == 422)
        #expect(page.text.contains("第 17 位") || page.text.contains("I、O、Q"), "\(page.text)")
        let lower = try await car.house.client.send("GET", "/v/\(House.vin.lowercased())")
        #expect(lower.status == 200)
    }
}
