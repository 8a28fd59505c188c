package import Core

/// Why a claim or a line of it is what it is. The names are part of the API's contract.
package enum ReasonCode: String, Sendable, Hashable, CaseIterable {
    case vinDiffers = "vin_differs"
    case plateDiffers = "plate_differs"
    case odometerBelowLedger = "odometer_below_ledger"
    case odometerImplausible = "odometer_implausible"
    case beforeSale = "before_sale"
    case notYetInForce = "not_yet_in_force"
    case waitingPeriod = "waiting_period"
    case expiredByDate = "expired_by_date"
    case expiredByOdometer = "expired_by_odometer"
    case contractLapsed = "contract_lapsed"
    case contractCancelled = "contract_cancelled"
    case contractUpgraded = "contract_upgraded"
    case otherPayer = "other_payer"
    case partNotCovered = "part_not_covered"
    case partUndetermined = "part_undetermined"
    case conditionUnproven = "condition_unproven"
    case lineUnrelated = "line_unrelated"
    case notAuthorized = "not_authorized"
    case emergencyCap = "emergency_cap"
    case preExistingDisclosed = "pre_existing_disclosed"
    case dealerBears = "dealer_bears"
    case maintenanceCausal = "maintenance_causal"
    case maintenanceMissed = "maintenance_missed"
    case partPrice = "part_price"
    case partGrade = "part_grade"
    case partQuantity = "part_quantity"
    case partUnknown = "part_unknown"
    case labourHours = "labour_hours"
    case labourOverlap = "labour_overlap"
    case labourRate = "labour_rate"
    case operationUnknown = "operation_unknown"
    case betterment
    case bettermentUndisclosed = "betterment_undisclosed"
    case deductible
    case limit
    case taxRate = "tax_rate"
    case fraudSuspected = "fraud_suspected"
    case nothingToPay = "nothing_to_pay"
    case externalCause = "external_cause"
    case misuse
    case modification
    case unauthorizedRepair = "unauthorized_repair"
    case noFaultFound = "no_fault_found"
    case duplicateClaim = "duplicate_claim"
    case evidenceMissing = "evidence_missing"

    package var text: LocalizedText {
        ReasonCode.words[self] ?? LocalizedText(zh: rawValue, en: rawValue)
    }

    private static let words: [ReasonCode: LocalizedText] = {
        var words: [ReasonCode: LocalizedText] = [:]
        for line in table.split(separator: "\n") {
            let cells = line.split(separator: "|").map { $0.drop { $0 == " " } }.map { text in
                String(text.reversed().drop { $0 == " " }.reversed())
            }
            guard cells.count == 3, let code = ReasonCode(rawValue: cells[0]) else { continue }
            words[code] = LocalizedText(zh: cells[1], en: cells[2])
        }
        return words
    }()

    private static let table = """
        vin_differs            | 车架号与合同不符                       | The VIN is not that of the contract
        plate_differs          | 号牌与登记不符                         | The plate is not the registered one
        odometer_below_ledger  | 里程低于车辆历史中的读数               | The odometer shows less than the history
        odometer_implausible   | 里程增长不合常理                       | The odometer shows more than can be driven
        before_sale            | 故障发生在交车之前                     | It failed before the car was delivered
        not_yet_in_force       | 保障尚未开始                           | The cover has not begun
        waiting_period         | 在等待期内                             | Within the waiting period
        expired_by_date        | 保障已到期                             | The cover has ended by date
        expired_by_odometer    | 已超过保障里程                         | The cover has ended by distance
        contract_lapsed        | 价款逾期未付，合同已失效               | The contract lapsed: it was not paid in time
        contract_cancelled     | 合同已解除                             | The contract was cancelled
        contract_upgraded      | 合同已由新合同代替                     | Another contract has taken its place
        other_payer            | 应先由召回、三包或包修责任人承担       | A recall or the maker's warranty comes first
        part_not_covered       | 该部件不在保障范围内                   | The part is not covered
        part_undetermined      | 须先查明损坏的部件                     | It has to be found out which part failed
        condition_unproven     | 承保条件尚未证实                       | The condition of the cover is not shown
        line_unrelated         | 与本次故障无关                         | It has nothing to do with this failure
        not_authorized         | 拆检、维修前未取得授权                 | Not authorized before teardown
        emergency_cap          | 紧急维修未经授权，以上限为准           | Emergency repair: up to its limit
        pre_existing_disclosed | 交车时已书面告知的缺陷                 | Disclosed in writing at delivery
        dealer_bears           | 交车时已存在且未告知，由商家承担       | There at delivery and not disclosed: the dealer bears it
        maintenance_causal     | 未按期保养且为故障原因                 | Missed maintenance caused it
        maintenance_missed     | 未按期保养，但不是故障原因             | Maintenance was missed, but did not cause it
        part_price             | 配件价格高于参考价上限                 | The part costs more than the reference allows
        part_grade             | 配件等级不符合约定                     | Not a grade of part that was agreed
        part_quantity          | 配件数量多于该项作业所需               | More than the operation takes
        part_unknown           | 配件没有参考价，须人工核价             | No reference price: somebody has to look
        labour_hours           | 工时多于标准工时                       | More hours than the time guide
        labour_overlap         | 与其他作业重复的工时                   | Time that another operation includes
        labour_rate            | 工时单价高于上限                       | The hourly rate is above the limit
        operation_unknown      | 作业没有标准工时，须人工核定           | Not in the time guide: somebody has to look
        betterment             | 易损部件按已使用寿命由买方分担         | The buyer bears the used life of a wearing part
        betterment_undisclosed | 折旧分担表未在销售时告知，不予扣减     | The table was not disclosed at sale: nothing is taken off
        deductible             | 扣除约定的免赔额                       | The deductible that was agreed
        limit                  | 以剩余限额为准                         | Up to what the limits leave
        tax_rate               | 发票税率须人工核对                     | The invoice's tax rate has to be looked at
        fraud_suspected        | 有疑点，转人工核查                     | Something is odd: somebody looks at it
        nothing_to_pay         | 扣减后没有可赔付的金额                 | Nothing remains to be paid
        external_cause         | 由碰撞、涉水、火灾等外部原因造成       | Caused from outside: impact, water, fire
        misuse                 | 由不当使用造成                         | Caused by misuse
        modification           | 由改装造成                             | Caused by a modification
        unauthorized_repair    | 由未经授权的维修造成                   | Caused by an unauthorized repair
        no_fault_found         | 检测未发现所述故障                     | The fault was not found
        duplicate_claim        | 同一损失已经理赔                       | The same loss has been claimed
        evidence_missing       | 经要求后仍未提供必要证据               | Necessary evidence was asked for and not given
        """
}
