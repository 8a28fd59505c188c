// Field | code | Chinese | English. Every choice of every schema has a line; a test holds that.

let plainWordsOfCars = """
    energy | petrol | 汽油 | petrol
    energy | diesel | 柴油 | diesel
    energy | hybrid | 油电混合（不插电） | hybrid
    energy | plug_in_hybrid | 插电混动 | plug-in hybrid
    energy | range_extended | 增程式电动 | range-extended electric
    energy | battery | 纯电动 | battery electric
    energy | fuel_cell | 燃料电池 | fuel cell
    energy | gas | 燃气 | gas
    energy | other | 其他 | other
    energy | not_known | 不清楚 | not known
    emission_stage | china_1 | 国一 | China 1
    emission_stage | china_2 | 国二 | China 2
    emission_stage | china_3 | 国三 | China 3
    emission_stage | china_4 | 国四 | China 4
    emission_stage | china_5 | 国五 | China 5
    emission_stage | china_6a | 国六 A | China 6a
    emission_stage | china_6b | 国六 B | China 6b
    emission_stage | not_applicable | 不适用 | not applicable
    emission_stage | not_known | 不清楚 | not known
    use | private | 家用 | a private car
    use | company | 单位自用 | a company car
    use | government | 公务用车 | a government car
    use | taxi | 出租车 | a taxi
    use | ride_hailing | 网约车 | a ride-hailing car
    use | rental | 租赁用车 | a rental car
    use | driving_school | 驾校教练车 | a driving-school car
    use | passenger_transport | 客运车 | a passenger transport vehicle
    use | freight | 货运车 | a goods vehicle
    use | other_commercial | 其他营运用车 | another commercial vehicle
    use | not_known | 用途不清楚 | a car of unknown use
    from_owner | person | 个人 | a person
    from_owner | company | 单位 | a company
    from_owner | dealer | 车商 | a dealer
    from_owner | not_known | 不清楚 | not known
    to_owner | person | 个人 | a person
    to_owner | company | 单位 | a company
    to_owner | dealer | 车商 | a dealer
    to_owner | not_known | 不清楚 | not known
    mortgagee_kind | bank | 银行 | a bank
    mortgagee_kind | auto_finance | 汽车金融公司 | a car finance company
    mortgagee_kind | leasing | 融资租赁公司 | a leasing company
    mortgagee_kind | pawn | 典当行 | a pawnbroker
    mortgagee_kind | other | 其他机构 | another lender
    mortgagee_kind | not_known | 不清楚 | not known
    areas | front | 车头 | front
    areas | rear | 车尾 | rear
    areas | left | 左侧 | left side
    areas | right | 右侧 | right side
    areas | roof | 车顶 | roof
    areas | underbody | 底部 | underside
    areas | interior | 车内 | interior
    """

let plainWordsOfEvents = """
    kind_of_event | vehicle.registered | 注册登记 | first registration
    kind_of_event | ownership.transferred | 过户 | transfer of ownership
    kind_of_event | plate.changed | 换号牌 | change of plate
    kind_of_event | odometer.read | 里程读数 | odometer reading
    kind_of_event | inspection.statutory | 年检 | statutory inspection
    kind_of_event | inspection.platform | 平台检测 | platform inspection
    kind_of_event | maintenance.done | 保养 | service
    kind_of_event | repair.done | 维修 | repair
    kind_of_event | accident.reported | 事故 | accident
    kind_of_event | insurance.claimed | 保险理赔 | insurance claim
    kind_of_event | insurance.total_loss | 全损赔付 | insurance write-off
    kind_of_event | flood.reported | 涉水 | flood report
    kind_of_event | theft.reported | 盗抢报告 | theft report
    kind_of_event | recall.announced | 召回公告 | recall announcement
    kind_of_event | recall.done | 召回处理 | recall remedy
    kind_of_event | battery.measured | 动力电池检测 | battery measurement
    kind_of_event | modification.done | 改装 | modification
    kind_of_event | mortgage.registered | 抵押登记 | mortgage registration
    kind_of_event | mortgage.released | 抵押解除 | mortgage release
    kind_of_event | listing.published | 上架出售 | listing
    kind_of_event | listing.withdrawn | 下架 | withdrawal of a listing
    kind_of_event | sale.contracted | 签订买卖合同 | sale contract
    kind_of_event | sale.completed | 成交交车 | completed sale
    kind_of_event | sale.returned | 退车 | return of the car
    kind_of_event | warranty.issued | 质保生效 | start of a warranty
    kind_of_event | warranty.claimed | 质保报修 | warranty claim
    kind_of_event | warranty.settled | 质保处理结果 | settlement of a warranty claim
    kind_of_event | scrapped | 报废 | scrapping
    kind_of_event | export.done | 出口 | export
    kind_of_event | entry.corrected | 更正 | correction
    kind_of_event | entry.retracted | 撤回 | retraction
    kind_of_event | payload.erased | 内容删除 | erasure of contents
    method | dashboard | 看仪表盘 | from the dashboard
    method | diagnostic | 用诊断仪读取 | with a diagnostic tool
    method | document | 抄自单据 | from a document
    method | bms_readout | 读取电池管理系统 | battery management readout
    method | full_cycle | 完整充放电测试 | full charge and discharge
    method | partial_charge | 部分充电推算 | partial charge
    method | other | 其他方法 | another method
    method | not_known | 不清楚 | not known
    result | passed | 合格 | passed
    result | failed | 不合格 | failed
    emission_result | passed | 合格 | passed
    emission_result | failed | 不合格 | failed
    emission_result | not_tested | 没有测 | not tested
    cause | accident | 事故 | an accident
    cause | wear | 正常磨损 | wear
    cause | defect | 质量缺陷 | a defect
    cause | flood | 涉水 | flooding
    cause | other | 其他 | another cause
    cause | not_known | 不清楚 | not known
    severity | minor | 轻微 | minor
    severity | moderate | 中等 | moderate
    severity | severe | 严重 | severe
    severity | not_known | 不清楚 | not known
    peril | collision | 碰撞 | collision
    peril | flood | 涉水 | flooding
    peril | fire | 着火 | fire
    peril | theft | 被盗抢 | theft
    peril | glass | 玻璃破碎 | broken glass
    peril | other | 其他原因 | another cause
    peril | not_known | 原因不清楚 | a cause that is not known
    kind | actual | 车辆毁坏或丢失 | the car was destroyed or lost
    kind | constructive | 修理费用过高，不值得修 | repair would have cost too much
    kind | not_known | 不清楚 | not known
    water_level | floor | 车内地板 | the floor inside
    water_level | seat | 座椅 | the seats
    water_level | dashboard | 仪表台 | the dashboard
    water_level | roof | 车顶 | the roof
    water_level | not_known | 不清楚 | not known
    status | stolen | 被盗抢 | stolen
    status | recovered | 已找回 | found again
    reason | sold | 已售出 | sold
    reason | owner | 车主要求 | the owner's wish
    reason | dispute | 有争议 | a dispute
    reason | age | 使用年限到期 | age
    reason | damage | 损坏 | damage
    reason | voluntary | 车主自愿 | the owner's wish
    reason | emission | 排放不达标 | emissions
    reason | other | 其他 | another reason
    reason | not_known | 不清楚 | not known
    channel | retail | 零售 | retail
    channel | auction | 拍卖 | auction
    channel | trade_in | 置换 | trade-in
    channel | wholesale | 批发 | wholesale
    channel | not_known | 不清楚 | not known
    outcome | paid | 已赔付 | paid
    outcome | partly_paid | 部分赔付 | partly paid
    outcome | repaired | 已修好 | repaired
    outcome | rejected | 不予赔付 | rejected
    ground | purpose_fulfilled | 处理目的已经实现或不再必要 | its purpose is fulfilled
    ground | retention_ended | 保存期限已满 | the retention period is over
    ground | consent_withdrawn | 当事人撤回同意 | consent was withdrawn
    ground | unlawful_processing | 原来的处理不合法 | it was processed unlawfully
    ground | other_law | 法律法规另有规定 | another law requires it
    ground | order | 法院或主管机关要求 | a court or an authority ordered it
    """
