package event

import "time"

// Communication is a release or a mention in the media: comms.release.published.v1 and comms.media.hit.v1.
type Communication struct {
	ItemID        string
	At            time.Time
	Channel       string
	Outlet        string
	Title         string
	Topic         string
	Area          string // area_id
	CampaignID    string
	ReachEstimate *int
	Tone          string
}

func (p *Communication) entity(*Event) []string { return []string{p.ItemID} }

var communicationFields = []field[Communication]{
	must(text("item_id", func(p *Communication) *string { return &p.ItemID }, code)),
	must(instant("at", func(p *Communication) *time.Time { return &p.At })),
	must(text("channel", func(p *Communication) *string { return &p.Channel }, oneOf(mediaChannels))),
	text("outlet", func(p *Communication) *string { return &p.Outlet }, label),
	text("title", func(p *Communication) *string { return &p.Title }, label),
	text("topic", func(p *Communication) *string { return &p.Topic }, itemCode),
	text("area_id", func(p *Communication) *string { return &p.Area }, areaCode),
	text("campaign_id", func(p *Communication) *string { return &p.CampaignID }, code),
	maybeNumber("reach_estimate", func(p *Communication) **int { return &p.ReachEstimate }, 0, maxCounted),
	text("tone", func(p *Communication) *string { return &p.Tone }, oneOf(tones)),
}
