package costeffect

// BootstrapDraws are the random numbers of areas in each draw of [Panel.Bootstrap].
func (p *Panel) BootstrapDraws(d Draws) [][]float64 { return p.newWild(d).draws }

// BootstrapP is the p of a bootstrap under a tested effect.
func (p *Panel) BootstrapP(d Draws, null float64) float64 { return p.newWild(d).p(null) }
