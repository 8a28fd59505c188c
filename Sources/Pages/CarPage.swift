import Core
import Cryptography
import HTTPTypes
import Ledger
import Web

// MARK: - What stands behind the code on a car

extension PageService {
    var carEndpoints: [Endpoint] {
        [
            page("/v/{vin}", rateLimit: .verification, authorize: api.rule("GET /v1/vehicles/{vin}/proof"), showCar),
            page(
                "/v/{vin}/certificate",
                rateLimit: .verification,
                authorize: api.rule("GET /v1/vehicles/{vin}/proof"),
                showCertificate
            ),
        ]
    }

    private func showCar(_ call: Call) async throws -> Reply {
        let vin = try call.carVIN()
        let sheet = CarSheet(language: call.language)
        let view = CarView(
            sheet: sheet,
            vin: vin.text,
            report: try await carReport(vin, call),
            proof: proof(vin)
        )
        return sheet.reply(view.title) { view.write(&$0) }.with(.cacheControl, "no-cache")
    }

    private func showCertificate(_ call: Call) async throws -> Reply {
        let vin = try call.carVIN()
        let sheet = CarSheet(language: call.language)
        let parameters = ["vin": vin.text]
        let reply = try await api.ask("GET /v1/vehicles/{vin}/proof", call, parameters: parameters)
        guard case .bytes(let bytes) = reply.body, let bundle = try? ProofBundle(parsing: bytes) else {
            throw UnknownOperation(name: "a proof that can be read")
        }
        let view = CarCertificate(
            sheet: sheet,
            report: try await carReport(vin, call),
            bundle: bundle,
            proof: proof(vin)
        )
        return sheet.reply(view.title, isPaper: true) { view.write(&$0) }.with(.cacheControl, "no-cache")
    }

    private func proof(_ vin: VIN) -> CarProof {
        CarProof(vin: vin.text, keys: CarKeys(log), publicURL: publicURL, now: clock.now())
    }

    /// `nil` where nothing was ever recorded about the car.
    private func carReport(_ vin: VIN, _ call: Call) async throws -> JSON? {
        do {
            let parameters = ["vin": vin.text]
            return try await api.ask("GET /v1/vehicles/{vin}/report", call, parameters: parameters).json()
        } catch let failure as Failure where failure.type.kind == .notFound {
            return nil
        }
    }
}

extension Call {
    /// - Throws: `Failure.invalidRequest` saying what is wrong with it: somebody may have typed it.
    fileprivate func carVIN() throws -> VIN {
        do {
            return try VIN(parsing: try parameter("vin").uppercased())
        } catch let fault as TextFault {
            throw Failure(
                .invalidRequest,
                faults: [Fault(pointer: "/vin", code: fault.code, detail: fault.detail)]
            )
        }
    }
}

/// What is the same on the page and on the certificate: the panel that the script fills, and how to check without it.
struct CarProof {
    let vin: String
    let keys: CarKeys
    let publicURL: String
    let now: Instant

    var pageURL: String { "\(publicURL)/v/\(vin)" }

    /// Until the script has run, nothing was verified, and that is what stands there.
    func writeSeal(_ sheet: CarSheet, _ page: inout HTMLWriter) {
        page.element("div", ["id": "seal", "class": "seal", "role": "status"]) { page in
            page.element("strong", sheet.say("尚未核验", "Not verified yet"))
            page.element(
                "p",
                sheet.say(
                    "核验由浏览器里的脚本完成。如果这行字一直不变，说明脚本没有运行，本页的内容没有经过任何核验；"
                        + "可以换一个浏览器，或按页末的方法自行核验。",
                    "A script in your browser does it. If this line stays, the script has not run and nothing on this "
                        + "page was verified: use another browser, or check it yourself as told below."
                )
            )
        }
    }

    func writeChecks(_ sheet: CarSheet, _ page: inout HTMLWriter) {
        page.element(
            "div",
            [
                "id": "checks", "data-proof": "/v1/vehicles/\(vin)/proof", "data-vin": vin,
                "data-keys": String(decoding: keys.json.bytes, as: UTF8.self), "data-as-of": now.rfc3339,
                "data-late-days": "\(CarView.lateAfterDays)",
            ]
        ) { page in
            page.element("p", ["class": "soft"], sheet.say("还没有核验结果。", "Nothing was verified yet."))
        }
    }

    func writeSteps(_ sheet: CarSheet, _ page: inout HTMLWriter) {
        page.element("ol") { page in
            page.element("li") { page in
                page.text(sheet.say("保存证明文件：", "Keep the proof: "))
                page.element(
                    "a",
                    ["href": "/v1/vehicles/\(vin)/proof", "download": "\(vin).proof.json"],
                    "\(vin).proof.json"
                )
            }
            page.element(
                "li",
                sheet.say(
                    "从平台之外的渠道取得日志公钥（例如合同、协会公示、见证方），与下面的指纹核对。",
                    "Get the log's public keys from somebody else than this page, such as a contract or a witness, and "
                        + "compare them with these fingerprints."
                )
            )
            page.element("li") { page in
                page.text(sheet.say("在任何电脑上离线核验：", "Verify offline, on any computer: "))
                page.element("code", "chexin-verify \(vin).proof.json --keys log.keys")
            }
        }
        page.fingerprints(keys, sheet.language)
    }
}
